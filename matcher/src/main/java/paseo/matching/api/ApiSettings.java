package paseo.matching.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API listens.
 *
 * @param host name or address of this machine
 * @param port 0 for any that is free
 * @param tls certificate and key; must be there for any address that others can reach
 */
public record ApiSettings(String host, int port, Optional<Tls> tls) {
    /** Where the API is looked for unless something else is said. */
    public static final int STANDARD_PORT = 8642;

    /**
     * Certificate and key.
     *
     * @param keyStore PKCS #12 file
     * @param password of it; never printed
     */
    public record Tls(Path keyStore, String password) {
        @Override
        public String toString() {
            return "Tls[" + keyStore + "]";
        }
    }

    public ApiSettings {
        if (tls.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("others can reach " + host
                    + ": the page and the API are served there over TLS only, so give a certificate, or keep to"
                    + " 127.0.0.1");
        }
    }

    /** On this machine only, without TLS. */
    public static ApiSettings local(int port) {
        return new ApiSettings("127.0.0.1", port, Optional.empty());
    }

    /** Reads {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code PORT}. */
    public static ApiSettings parse(String address, Optional<Tls> tls) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (port < 0 || port > 65_535 || host.isEmpty()) {
                throw new IllegalArgumentException(address + " is not an address to listen on, HOST:PORT");
            }
            return new ApiSettings(host, port, tls);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(address + " is not an address to listen on, HOST:PORT", e);
        }
    }

    boolean loopback() {
        return isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host + " is not a name or address of this machine", e);
        }
    }
}
