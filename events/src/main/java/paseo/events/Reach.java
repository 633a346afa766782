package paseo.events;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far the connection to a camera may go whose address comes from somebody who may not decide that: to the public
 * addresses of the internet, and into the networks that the operator has named. Looked at when the camera is stored,
 * and again by the frame producer at every connection, which then goes to the very number that was looked at, so that a
 * name that has come to mean something else leads nowhere else.
 *
 * @param networks that are not public and may be reached all the same
 */
public record Reach(List<Network> networks) {
    /**
     * Of version 4 what IANA's registry of special-purpose addresses does not call globally reachable, and multicast.
     */
    private static final List<Network> SPECIAL_4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");
    /** All of version 6 that was given out; link-local, unique local, multicast, loopback, NAT64 lie outside of it. */
    private static final Network GIVEN_OUT_6 = Network.parse("2000::/3");
    /** In there: protocols and Teredo, documentation, 6to4, which leads to addresses of version 4. */
    private static final List<Network> SPECIAL_6 = networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /**
     * Scheme, references if any, host, port, path and query: printable characters that no program reads differently.
     */
    private static final Pattern URL = Pattern.compile("(?i)(?:rtsps?|https?)://(?:([^@/?#\\s]*)@)?"
            + "(\\[[0-9a-f:.]+]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\\d{1,5})?"
            + "(?:/(?:[!%-;=@-\\[\\]_a-z~]++|\\$\\{env:PASEO_CAMERA_\\w+}|\\$)*+)?"
            + "(?:\\?(?:[!%-;=?-\\[\\]_a-z~]++|\\$\\{env:PASEO_CAMERA_\\w+}|\\$)*+)?");
    /** Only what was set for cameras: any other variable, and any file, would be sent to whoever is named as host. */
    private static final Pattern REFERENCES =
            Pattern.compile("\\$\\{env:PASEO_CAMERA_\\w+}(:\\$\\{env:PASEO_CAMERA_\\w+})?");

    private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

    public Reach {
        networks = List.copyOf(networks);
    }

    /** To public addresses only. */
    public static Reach outside() {
        return new Reach(List.of());
    }

    /**
     * Reads networks with commas between them.
     *
     * @throws IllegalArgumentException if one is not a network
     */
    public static Reach parse(String text) {
        return new Reach(networks(text.split("\\s*,\\s*", -1)));
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::parse).toList();
    }

    /** Whether a connection may be made to an address. */
    public boolean allows(InetAddress address) {
        return isPublic(address) || networks.stream().anyMatch(network -> network.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? SPECIAL_4.stream().noneMatch(network -> network.contains(address))
                : GIVEN_OUT_6.contains(address) && SPECIAL_6.stream().noneMatch(network -> network.contains(address));
    }

    /**
     * Refuses addresses that could lead elsewhere than they seem to, whoever reads them: other schemes, RTP over UDP
     * and playlists, which name further addresses, and references to anything but variables {@code PASEO_CAMERA_…}.
     *
     * @return the host, without brackets
     * @throws IllegalArgumentException saying why; the message does not repeat the address
     */
    static String check(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException("an address of a camera that is not added on the command line is"
                    + " rtsp://, rtsps://, http:// or https://, a host and a path in plain characters");
        }
        if (parts.group(1) != null && !REFERENCES.matcher(parts.group(1)).matches()) {
            throw new IllegalArgumentException("the user and password of a camera that is not added on the command line"
                    + " are ${env:PASEO_CAMERA_…}:${env:PASEO_CAMERA_…}, variables of the watching process");
        }
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("rtsp") && lower.matches(".*[?&]udp(&.*)?")) {
            throw new IllegalArgumentException(
                    "a camera over UDP is added on the command line only, since it may name" + " further addresses");
        }
        if (lower.startsWith("http") && lower.matches("[^?]*\\.m3u8?(\\?.*)?")) {
            throw new IllegalArgumentException(
                    "a playlist is added on the command line only, since it may name further addresses");
        }
        String host = parts.group(2).replaceAll("[\\[\\]]", "");
        if (host.indexOf(':') >= 0 || NUMERIC.matcher(host).matches()) {
            // Octal, hexadecimal and shortened numbers mean different things to different programs.
            return Network.literal(host).getHostAddress();
        }
        return host;
    }

    /**
     * Looks a host up and picks one address of it.
     *
     * @param host a name, or a number in its plain form
     * @throws UnknownHostException if there is no such name
     * @throws ForbiddenException if any address of it may not be reached
     */
    public InetAddress pin(String host) throws UnknownHostException {
        return pin(InetAddress.getAllByName(host));
    }

    /** Of several addresses of a name the first, if all may be reached: a name with one inside means to lead there. */
    InetAddress pin(InetAddress... all) {
        for (InetAddress address : all) {
            if (!allows(address)) {
                throw new ForbiddenException(address);
            }
        }
        return all[0];
    }

    /** A host leads where a connection may not go. */
    public static final class ForbiddenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient InetAddress address;

        ForbiddenException(InetAddress address) {
            super("leads into a network that is not public and was not permitted");
            this.address = address;
        }

        /** Where it leads; not for everybody's eyes. */
        public InetAddress address() {
            return address;
        }
    }
}
