package paseo.events;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A network by its first address and the length of what all its addresses have in common.
 *
 * @param address all bits behind the length are 0
 * @param length 0 to 32 bits of version 4, 0 to 128 of version 6
 */
public record Network(InetAddress address, int length) {
    private static final Pattern DECIMAL =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    public Network {
        byte[] bytes = address.getAddress();
        if (length < 0 || length > 8 * bytes.length) {
            throw new IllegalArgumentException(
                    "what the addresses of a network have in common is 0 to " + 8 * bytes.length + " bits long");
        }
        for (int bit = length; bit < 8 * bytes.length; bit++) {
            if ((bytes[bit / 8] & 0x80 >> bit % 8) != 0) {
                throw new IllegalArgumentException(
                        address.getHostAddress() + " is not the first address of a network of " + length + " bits");
            }
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        try {
            int length = slash < 0 ? 8 * address.getAddress().length : Integer.parseInt(text.substring(slash + 1));
            return new Network(address, length);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is not a network, as 10.0.0.0/8 or fd00::/8 is one", e);
        }
    }

    /**
     * An address that is written in the one way that every program reads alike: version 4 in four decimal numbers
     * without leading zeros, version 6 with colons and without a zone. Nobody is asked for a name.
     *
     * @throws IllegalArgumentException if it is anything else; version 4 inside version 6 too
     */
    static InetAddress literal(String text) {
        boolean six = COLONS.matcher(text).matches();
        try {
            if (six || DECIMAL.matcher(text).matches()) {
                InetAddress address = InetAddress.getByName(text);
                if (!(six && address instanceof Inet4Address)) {
                    return address;
                }
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is not an address", e);
        }
        throw new IllegalArgumentException(text + " is not an address as 10.0.0.5 or fd00::5 is one");
    }

    /** Whether an address is in it; one of another version never is. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            if (((mine[bit / 8] ^ its[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
