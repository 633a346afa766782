package paseo.standalone;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Videos that are named by an address of the web. They are fetched whole, for a video is read to its end and known by
 * its bytes, and deleted when the run that has read them is over; one that is stopped finds them again.
 */
final class RemoteVideos {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_HOPS = 5;
    private static final long TOLD_BYTES = 64L << 20;

    private final Path folder;
    private final Terminal terminal;
    private final Map<String, Path> fetched = new LinkedHashMap<>();

    /** @param folder where to; nothing is written unless there is something to fetch */
    RemoteVideos(Path folder, Terminal terminal) {
        this.folder = folder;
        this.terminal = terminal;
    }

    /** Whether an input is fetched. */
    static boolean isOne(String input) {
        return input.regionMatches(true, 0, "http://", 0, 7) || input.regionMatches(true, 0, "https://", 0, 8);
    }

    /**
     * The inputs with each address replaced by its file. What cannot be fetched is told and stays, for the run to
     * refuse among the others.
     */
    List<String> files(List<String> inputs) {
        List<String> files = new ArrayList<>();
        for (String input : inputs) {
            files.add(isOne(input) ? file(input) : input);
        }
        return files;
    }

    private String file(String address) {
        String shown = shown(address);
        try {
            Path target = target(address);
            if (!Files.isRegularFile(target)) {
                terminal.note("fetching " + shown);
                fetch(URI.create(address), target);
            }
            fetched.put(address, target);
            return target.toString();
        } catch (IllegalArgumentException e) {
            terminal.error(shown + ": is no address" + why(e));
        } catch (UnknownHostException e) {
            terminal.error(shown + ": cannot be fetched: there is no host of that name");
        } catch (SocketTimeoutException e) {
            terminal.error(shown + ": cannot be fetched: nothing came for " + PATIENCE.toSeconds() + " s");
        } catch (IOException e) {
            terminal.error(shown + ": cannot be fetched: " + masked(DataDirectory.reason(e)));
        }
        return address;
    }

    /** An address may carry a password, and its query the token that opens it. */
    private static String shown(String address) {
        return address.replaceAll("://[^/@]*@", "://***@").replaceFirst("(?s)[?#].*", "?***");
    }

    /** The same for a text with addresses in it. */
    private static String masked(String text) {
        return text.replaceAll("://[^/@\\s]*@", "://***@").replaceAll("(://[^?#\\s]*)[?#]\\S*", "$1?***");
    }

    /** Without the address, which the message repeats. */
    private static String why(IllegalArgumentException e) {
        return e.getCause() instanceof URISyntaxException fault ? " (" + fault.getReason() + ")" : "";
    }

    /** By address, so that videos of the same name stay apart, under the name that people will see. */
    private Path target(String address) {
        String path = URI.create(address).getPath();
        String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        String plain = name.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceFirst("^\\.+", "");
        String own =
                UUID.nameUUIDFromBytes(address.getBytes(StandardCharsets.UTF_8)).toString();
        return folder.resolve(own).resolve(plain.isEmpty() ? "video" : plain);
    }

    private void fetch(URI address, Path target) throws IOException {
        URLConnection answer = answer(address);
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        // Ctrl-C ends the process right here.
        part.toFile().deleteOnExit();
        long length = answer.getContentLengthLong();
        try (InputStream body = new Told(answer.getInputStream(), length)) {
            long copied = Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
            if (length >= 0 && copied != length) {
                throw new IOException("the connection broke after " + copied + " of " + length + " bytes");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(part);
            throw e;
        }
    }

    /** Follows to where the video is; Java itself does not go from one protocol to the other. */
    private static URLConnection answer(URI address) throws IOException {
        URI at = address;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            if (!isOne(at.toString())) {
                throw new IOException("it leads to " + at.getScheme() + ":, which is not fetched");
            }
            HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) PATIENCE.toMillis());
            connection.setReadTimeout((int) PATIENCE.toMillis());
            if (origin(at).equals(origin(address))) {
                credentials(address).ifPresent(basic -> connection.setRequestProperty("Authorization", basic));
            }
            int status = connection.getResponseCode();
            String next = connection.getHeaderField("Location");
            if (status == HttpURLConnection.HTTP_OK) {
                refuseStream(String.valueOf(connection.getContentType()).toLowerCase(Locale.ROOT));
                return connection;
            }
            connection.disconnect();
            if (status / 100 != 3 || next == null) {
                throw new IOException("the server says " + status);
            }
            at = at.resolve(next);
        }
        throw new IOException("it is passed on more than " + MOST_HOPS + " times");
    }

    /** Passwords go to who was named, and to nobody to whom that one passes on. */
    private static String origin(URI address) throws IOException {
        URL url = address.toURL();
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        return (url.getProtocol() + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    /** Java's own client does not send user and password of an address. */
    private static Optional<String> credentials(URI address) {
        return Optional.ofNullable(address.getUserInfo())
                .map(user -> user.contains(":") ? user : user + ":")
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    private static void refuseStream(String type) throws IOException {
        if (type.startsWith("multipart/") || type.contains("mpegurl") || type.startsWith("text/html")) {
            throw new IOException(
                    type.startsWith("text/")
                            ? "it is a page, not a video"
                            : "it is a stream without an end; 'paseo watch' watches those");
        }
    }

    /** Says how much has come. */
    private final class Told extends FilterInputStream {
        private final long length;
        private long come;

        Told(InputStream body, long length) {
            super(body);
            this.length = length;
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int read = super.read(bytes, from, most);
            if (read > 0 && (come + read) / TOLD_BYTES > come / TOLD_BYTES) {
                terminal.note("  " + ((come + read) >> 20) + (length > 0 ? " of " + (length >> 20) : "") + " MiB");
            }
            come += Math.max(0, read);
            return read;
        }
    }

    /** Deletes what was fetched: the run is over. */
    void delete() {
        for (Path file : fetched.values()) {
            try {
                remove(file);
            } catch (IOException e) {
                terminal.note("not deleted: " + file + " (" + DataDirectory.reason(e) + ")");
            }
        }
    }

    /** Deletes a file and the folders that hold nothing else then. */
    private void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            Files.deleteIfExists(file.getParent());
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // What another run has fetched, or will go on with.
        }
    }
}
