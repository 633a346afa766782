package paseo.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The demonstration's video clips: looked for in some folders, else fetched from where they are published into a store,
 * and in any case checked against their SHA-256.
 */
public final class SampleStore {
    /** What the user is told about the clips. */
    static final String ATTRIBUTION = "Intel sample videos (github.com/intel-iot-devkit/sample-videos), CC BY 4.0";

    private static final URI UPSTREAM =
            URI.create("https://raw.githubusercontent.com/intel-iot-devkit/sample-videos/master/preview/");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final List<Path> folders;
    private final Path store;
    private final URI upstream;

    /**
     * A store.
     *
     * @param folders looked at first, in order; never written
     * @param store looked at last, and filled
     * @param upstream folder the clips are published in, with a slash at its end
     */
    SampleStore(List<Path> folders, Path store, URI upstream) {
        this.folders = List.copyOf(folders);
        this.store = store;
        this.upstream = upstream;
    }

    /**
     * {@code PASEO_SAMPLES}, {@code samples/} and {@code ../shared/videos/preview} beside the checkout, then
     * {@code PASEO_HOME/samples}, which is filled from Intel's repository.
     */
    public static SampleStore standard() {
        List<Path> folders = new ArrayList<>();
        String samples = System.getenv("PASEO_SAMPLES");
        if (samples != null && !samples.isBlank()) {
            folders.add(Path.of(samples));
            folders.add(Path.of(samples, "preview"));
        }
        Path checkout = Homes.checkout();
        folders.add(checkout.resolve("samples"));
        folders.add(checkout.resolveSibling("shared").resolve("videos").resolve("preview"));
        return new SampleStore(folders, Homes.paseo().resolve("samples"), UPSTREAM);
    }

    /**
     * A clip.
     *
     * @param name of its file
     * @param sha256 of its bytes, lower-case hex
     */
    public record Sample(String name, String sha256) {}

    /** The clips of the demonstration, in the order in which they are shown. */
    public static List<Sample> demonstration() {
        try (InputStream manifest = Objects.requireNonNull(SampleStore.class.getResourceAsStream("samples.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(manifest, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s+", 2))
                    .map(words -> new Sample(words[1], words[0]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The clip's file; fetched if it is nowhere.
     *
     * @param notes told in a line what takes a while
     * @throws Refusal if it is not the published file, or cannot be had
     */
    public Path locate(Sample sample, Consumer<String> notes) {
        try {
            for (Path folder : folders) {
                Path candidate = folder.resolve(sample.name());
                if (Files.isRegularFile(candidate)) {
                    check(candidate, sample);
                    return candidate;
                }
            }
            Path stored = store.resolve(sample.name());
            if (!Files.isRegularFile(stored) || !Checksum.sha256(stored).equals(sample.sha256())) {
                fetch(sample, stored, notes);
            }
            return stored;
        } catch (IOException e) {
            throw Refusal.atStart(
                    "cannot read the sample video " + sample.name() + " (" + DataDirectory.reason(e) + ")", e);
        }
    }

    private static void check(Path file, Sample sample) throws IOException {
        String found = Checksum.sha256(file);
        if (!found.equals(sample.sha256())) {
            throw Refusal.atStart(file + " is not the published sample video: its SHA-256 is " + found + ", expected "
                    + sample.sha256() + "; remove it and it is fetched");
        }
    }

    private void fetch(Sample sample, Path target, Consumer<String> notes) throws IOException {
        URI address = upstream.resolve(sample.name());
        notes.accept("fetching " + address);
        Files.createDirectories(store);
        Path partial = Files.createTempFile(store, sample.name(), ".part");
        try {
            download(address, partial);
            String found = Checksum.sha256(partial);
            if (!found.equals(sample.sha256())) {
                throw Refusal.atStart(address + " is not the published sample video: its SHA-256 is " + found
                        + ", expected " + sample.sha256());
            }
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void download(URI address, Path target) {
        String wayOut = "; put " + target.getFileName().toString().replaceFirst("\\.gif.*", ".gif")
                + " and the other clips into a folder and name it in PASEO_SAMPLES";
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(TIMEOUT)
                .build();
        HttpRequest request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
        try {
            HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(target));
            if (response.statusCode() != 200) {
                throw Refusal.atStart(
                        "cannot fetch " + address + " (the server says " + response.statusCode() + ")" + wayOut);
            }
        } catch (IOException e) {
            throw Refusal.atStart("cannot fetch " + address + " (" + DataDirectory.reason(e) + ")" + wayOut, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted while fetching " + address, e);
        }
    }
}
