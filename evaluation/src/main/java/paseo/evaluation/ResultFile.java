package paseo.evaluation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that results are to be written to: tried before the time is spent that they take. */
final class ResultFile {
    private ResultFile() {}

    /**
     * Tries it; directories are made where they are missing.
     *
     * @param file null where none is asked for
     * @throws IOException naming option and file, if it cannot be written
     */
    static void tryOut(String option, @Nullable Path file) throws IOException {
        if (file == null) {
            return;
        }
        try {
            write(file);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + option + " " + file + " (" + reason(e) + "): choose another file", e);
        }
    }

    private static void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        if (Files.exists(file)) {
            if (!Files.isWritable(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return;
        }
        Files.createDirectories(directory);
        Files.delete(Files.createTempFile(directory, ".paseo", ".tmp"));
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure) {
            return failure.getReason() == null ? "a file is in the place of its directory" : failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
