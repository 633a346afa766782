package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories of a measurement's own. */
final class Directories {
    private Directories() {}

    /** Something that needs a directory. */
    @FunctionalInterface
    interface Use {
        void of(Path directory) throws IOException, InterruptedException;
    }

    /** Makes a directory, uses it and deletes it with what is in it. */
    static void with(Use use) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paseo-bench");
        try {
            use.of(directory);
        } finally {
            delete(directory);
        }
    }

    /** Deletes a directory and what is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
