package paseo.inference;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import paseo.inference.ModelPack.ModelFile;

/** Fetches models from where they are published. Nothing unchecked ever stands under a model's name. */
final class ModelDownload implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int MIB = 1 << 20;

    private final Path folder;
    private final Consumer<String> progress;
    private final Duration silence;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "model-download");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT)
            .build();
    /** Zips downloaded so far: one holds several models of a pack. */
    private final Map<String, Path> zips = new HashMap<>();

    /**
     * Into one folder.
     *
     * @param folder to put files in, made if necessary
     * @param progress told what is going on, line by line
     */
    ModelDownload(Path folder, Consumer<String> progress) throws IOException {
        this(folder, progress, ANSWER);
    }

    /**
     * The same with another patience.
     *
     * @param silence how long a server may send nothing in the middle of a file
     */
    ModelDownload(Path folder, Consumer<String> progress, Duration silence) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.progress = progress;
        this.silence = silence;
    }

    /**
     * Fetches one file and puts it in place.
     *
     * @throws IOException if it cannot be had
     * @throws ModelPackException if it is not the expected one
     */
    void fetch(ModelFile file) throws IOException {
        byte[] bytes = obtain(file);
        String found = ModelStore.sha256(bytes);
        if (!file.sha256().contains(found)) {
            throw new ModelPackException(file.path() + " came out with SHA-256 " + found + " where "
                    + String.join(" or ", file.sha256())
                    + " is expected: what is published has changed, nothing was installed");
        }
        Path part = Files.createTempFile(folder, file.path(), ".part", readable());
        try {
            Files.write(part, bytes);
            Files.move(part, folder.resolve(file.path()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        progress.accept(folder.resolve(file.path()) + " (" + bytes.length + " bytes, SHA-256 as expected)");
    }

    /** Who pulls models is often not who runs a worker: a container has a user of its own. */
    private FileAttribute<?>[] readable() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"))
                }
                : new FileAttribute<?>[0];
    }

    private byte[] obtain(ModelFile file) throws IOException {
        ModelPack.Origin origin = file.source();
        if (origin instanceof ModelPack.Published published) {
            return download(published.address());
        } else if (origin instanceof ModelPack.OpenVino network) {
            byte[] xml = checked(network.xml());
            byte[] bin = checked(network.bin());
            progress.accept("converting " + file.path() + " from OpenVINO IR to ONNX");
            return IrToOnnx.convert(xml, bin);
        } else if (origin instanceof ModelPack.ZipMember member) {
            return extract(member);
        }
        throw new IOException(((ModelPack.ByHand) origin).note());
    }

    private byte[] checked(ModelPack.Download source) throws IOException {
        byte[] bytes = download(source.address());
        String found = ModelStore.sha256(bytes);
        if (!source.sha256().equals(found)) {
            throw new IOException(source.address() + " has SHA-256 " + found + " where " + source.sha256()
                    + " is expected: what is published has changed");
        }
        return bytes;
    }

    private byte[] extract(ModelPack.ZipMember source) throws IOException {
        Path zip = zips.get(source.address());
        if (zip == null) {
            zip = Files.createTempFile(folder, "pack", ".part");
            zips.put(source.address(), zip);
            download(source.address(), zip);
        }
        try (ZipFile members = new ZipFile(zip.toFile())) {
            ZipEntry member = members.stream()
                    .filter(entry -> entry.getName().equals(source.member())
                            || entry.getName().endsWith("/" + source.member()))
                    .findFirst()
                    .orElseThrow(() -> new IOException(source.address() + " holds no " + source.member()));
            try (InputStream content = members.getInputStream(member)) {
                return content.readAllBytes();
            }
        }
    }

    private byte[] download(String address) throws IOException {
        Path part = Files.createTempFile(folder, "download", ".part");
        try {
            download(address, part);
            return Files.readAllBytes(part);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void download(String address, Path target) throws IOException {
        progress.accept("fetching " + address);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(ANSWER).build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body();
                    OutputStream file = Files.newOutputStream(target)) {
                if (response.statusCode() != OK) {
                    throw new IOException(address + " answers with status " + response.statusCode());
                }
                long length =
                        response.headers().firstValueAsLong("content-length").orElse(-1);
                copy(body, file, length);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + address, e);
        } catch (ConnectException e) {
            throw new IOException(address + ": no connection", e);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : requireNonNull(e.getMessage());
            throw new IOException(reason.contains(address) ? reason : address + ": " + reason, e);
        }
    }

    private void copy(InputStream body, OutputStream file, long length) throws IOException, InterruptedException {
        byte[] buffer = new byte[64 << 10];
        long copied = 0;
        long told = 0;
        for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
            file.write(buffer, 0, read);
            copied += read;
            if (copied - told >= 16L * MIB) {
                told = copied;
                progress.accept("  " + copied / MIB + (length > 0 ? " of " + length / MIB : "") + " MiB");
            }
        }
        if (length >= 0 && copied != length) {
            throw new IOException("the connection broke after " + copied + " of " + length + " bytes");
        }
    }

    /** The client's own limit ends with the headers of an answer. Whoever gives up closes the body. */
    private int read(InputStream body, byte[] buffer) throws IOException, InterruptedException {
        try {
            return reader.submit(() -> body.read(buffer)).get(silence.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("nothing came for " + silence.toSeconds() + " s in the middle of the file", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    /** Removes what was only needed on the way. */
    @Override
    public void close() throws IOException {
        reader.shutdown();
        for (Path zip : zips.values()) {
            Files.deleteIfExists(zip);
        }
    }
}
