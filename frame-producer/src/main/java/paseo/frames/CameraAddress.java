package paseo.frames;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import paseo.events.Camera;
import paseo.events.Reach;

/**
 * Where a camera is. User and password, in the path, too, and whatever stands behind a question mark, are in no text
 * that this class gives but {@link #resolve}.
 *
 * @param text a URL, with references to secrets or with the secrets themselves
 * @param reach how far the connection may go; empty for anywhere
 */
record CameraAddress(String text, Optional<Reach> reach) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    /** Scheme, user and password if any, host and port, path, query. */
    private static final Pattern PARTS = Pattern.compile(
            "(?i)([a-z0-9]+)://(?:((?:\\$\\{[^}]*}|[^@?#$]++|\\$)*+)@)?([^/?#@]+)((?:/[^?#]*)?)(?:\\?([^#]*))?(?:#.*)?");
    /** A name or number, or a version 6 number in brackets, and a port. */
    private static final Pattern HOST =
            Pattern.compile("(?:\\[(?<number>[0-9a-fA-F:.]+)]|(?<name>[^\\s:\\[\\]]+))(?::(?<port>\\d{1,5}))?");

    private static final int LAST_PORT = 65_535;
    /** As long as a stored one, with room for a number in the place of its host. */
    private static final int LONGEST = Camera.LONGEST_URL + 64;

    private static final String DEVICE = "v4l2:";
    private static final Map<String, Integer> PORTS = Map.of("rtsp", 554, "rtsps", 322, "http", 80, "https", 443);
    /** Asks for RTP over UDP. */
    private static final String UDP = "udp";

    CameraAddress {
        check(text);
    }

    /** An address of a camera that may be anywhere. */
    CameraAddress(String text) {
        this(text, Optional.empty());
    }

    /**
     * Refuses what can be no camera's address.
     *
     * @throws IllegalArgumentException saying why; the message does not repeat it
     */
    static void check(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a camera's address has at most " + Camera.LONGEST_URL + " characters");
        }
        if (!text.startsWith(DEVICE)) {
            Matcher parts = PARTS.matcher(text);
            if (!parts.matches() || !PORTS.containsKey(parts.group(1).toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "a camera's address is rtsp://, rtsps://, http:// or https:// with a host, or v4l2:/dev/…");
            }
            if ((parts.group(2) == null || parts.group(2).isEmpty()) && text.indexOf('@', parts.end(3)) >= 0) {
                throw new IllegalArgumentException(
                        "a camera's address has an @ behind its host: in user and password ? # and @ are percent-encoded,"
                                + " as %3F, %23 and %40, and so is an @ anywhere else");
            }
            Matcher host = HOST.matcher(parts.group(3));
            if (!host.matches() || (host.group("port") != null && !isPort(Integer.parseInt(host.group("port"))))) {
                throw new IllegalArgumentException(
                        "a camera's host is a name or a number, and behind a colon a port from 1 to " + LAST_PORT);
            }
        }
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= LAST_PORT;
    }

    /** Whether something looks like a camera and not like a file. */
    static boolean looksLikeOne(String input) {
        String lower = input.toLowerCase(Locale.ROOT);
        return lower.startsWith(DEVICE) || PORTS.keySet().stream().anyMatch(scheme -> lower.startsWith(scheme + "://"));
    }

    /** {@code rtsp}, {@code rtsps}, {@code http}, {@code https} or {@code v4l2}. */
    String scheme() {
        return text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    boolean rtsp() {
        return scheme().startsWith("rtsp");
    }

    boolean device() {
        return text.startsWith(DEVICE);
    }

    /** Path of a device. */
    String devicePath() {
        return text.substring(DEVICE.length());
    }

    /** Whether RTP comes over UDP: {@code ?udp} at the end of an RTSP address. */
    boolean overUdp() {
        return rtsp()
                && query().map(query -> Set.of(query.split("&")).contains(UDP)).orElse(false);
    }

    /** Whether it names a playlist, whose parts come every few seconds. */
    boolean playlist() {
        return scheme().startsWith("http")
                && parts().group(4).toLowerCase(Locale.ROOT).endsWith(".m3u8");
    }

    /** Host and port that the camera listens on; empty for a device. */
    Optional<HostAndPort> endpoint() {
        if (device()) {
            return Optional.empty();
        }
        Matcher host = HOST.matcher(parts().group(3));
        if (!host.matches()) {
            throw new IllegalStateException("the constructor has checked it");
        }
        String name = host.group("name");
        String port = host.group("port");
        return Optional.of(new HostAndPort(
                name == null ? host.group("number") : name,
                port == null ? PORTS.getOrDefault(scheme(), 0) : Integer.parseInt(port)));
    }

    /**
     * The same with one number in the place of its host, where a connection may not go everywhere: the number that was
     * looked at is the one that is connected to, whatever the name means a moment later.
     *
     * @throws VideoException if the host is unknown, or leads where the connection may not go
     */
    CameraAddress pinned() {
        if (reach.isEmpty()) {
            return this;
        }
        HostAndPort peer = endpoint().orElseThrow(() -> new VideoException("has no host that can be looked up"));
        try {
            String number = reach.get().pin(peer.host()).getHostAddress();
            Matcher parts = parts();
            String user = parts.group(2) == null ? "" : parts.group(2) + "@";
            String query = parts.group(5) == null ? "" : "?" + parts.group(5);
            return new CameraAddress(
                    scheme() + "://" + user + (number.indexOf(':') < 0 ? number : "[" + number + "]") + ":"
                            + peer.port() + parts.group(4) + query,
                    reach);
        } catch (UnknownHostException e) {
            throw new VideoException("has a host that nobody knows", e);
        } catch (Reach.ForbiddenException e) {
            throw new VideoException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Host and port as the address has them. */
    String authority() {
        return device() ? "" : parts().group(3);
    }

    /** What a camera listens on. */
    record HostAndPort(String host, int port) {}

    /** For people: without user, password, query, and without user and password in the path. */
    String redacted() {
        if (device()) {
            return text;
        }
        Matcher parts = parts();
        return scheme() + "://" + (parts.group(2) == null ? "" : "***@") + parts.group(3)
                + Camera.redactedPath(parts.group(4)) + (parts.group(5) == null ? "" : "?***");
    }

    /**
     * The address with the secrets in it, for libavformat only.
     *
     * @throws VideoException if a reference leads nowhere; names the reference, not what it leads to
     */
    String resolve(Function<String, Optional<String>> environment) {
        if (device()) {
            return devicePath();
        }
        Matcher parts = parts();
        String user = parts.group(2);
        String query = query().map(CameraAddress::withoutUdp).orElse("");
        return scheme() + "://" + (user == null ? "" : secrets(user, environment) + "@") + parts.group(3)
                + secrets(parts.group(4), environment) + (query.isEmpty() ? "" : "?" + secrets(query, environment));
    }

    String resolve() {
        return resolve(name -> Optional.ofNullable(System.getenv(name)));
    }

    private Optional<String> query() {
        return device() ? Optional.empty() : Optional.ofNullable(parts().group(5));
    }

    private Matcher parts() {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException("the constructor has checked it");
        }
        return parts;
    }

    private static String withoutUdp(String query) {
        return String.join(
                "&",
                Arrays.stream(query.split("&"))
                        .filter(part -> !part.equals(UDP))
                        .toList());
    }

    /** References replaced by what they lead to; the rest stays. One reference alone may hold user and password. */
    private static String secrets(String part, Function<String, Optional<String>> environment) {
        Matcher reference = REFERENCE.matcher(part);
        boolean alone = reference.matches();
        StringBuilder resolved = new StringBuilder();
        reference.reset();
        while (reference.find()) {
            String secret = reference.group(1).equals("env")
                    ? environment
                            .apply(reference.group(2))
                            .orElseThrow(() -> new VideoException(
                                    "the environment variable " + reference.group(2) + " is not set"))
                    : content(reference.group(2));
            reference.appendReplacement(resolved, Matcher.quoteReplacement(encoded(secret, alone)));
        }
        return reference.appendTail(resolved).toString();
    }

    private static String content(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException | InvalidPathException e) {
            throw new VideoException("the file " + path + " with the camera's password cannot be read", e);
        }
    }

    private static String encoded(String secret, boolean both) {
        int colon = both ? secret.indexOf(':') : -1;
        return colon < 0
                ? percent(secret)
                : percent(secret.substring(0, colon)) + ":" + percent(secret.substring(colon + 1));
    }

    private static String percent(String secret) {
        return URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A record would print the secrets. */
    @Override
    public String toString() {
        return redacted();
    }
}
