package paseo.evaluation.scenes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A tar file of painted photographs, and of what else there may be in one. */
public final class FaceArchive implements AutoCloseable {
    private final TarArchiveOutputStream tar;
    private int photographs;

    public FaceArchive(Path file) throws IOException {
        tar = new TarArchiveOutputStream(Files.newOutputStream(file), StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /** One with photographs alone. */
    public static Path of(Path file, String... names) throws IOException {
        try (FaceArchive archive = new FaceArchive(file)) {
            for (String name : names) {
                archive.photograph(name);
            }
        }
        return file;
    }

    /** Adds a small photograph, another one each time. */
    public void photograph(String name) throws IOException {
        photographs++;
        file(name, Painted.photograph("p", "", photographs, 32).jpeg().array());
    }

    /** Adds one that begins as a photograph does and then ends. */
    public void damaged(String name) throws IOException {
        byte[] jpeg = Painted.photograph("p", "", 0).jpeg().array();
        file(name, Arrays.copyOf(jpeg, jpeg.length / 2));
    }

    void file(String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** @param type a constant of {@link org.apache.commons.compress.archivers.tar.TarConstants} */
    void link(String name, byte type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
