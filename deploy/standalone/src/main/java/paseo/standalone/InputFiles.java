package paseo.standalone;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files that a run's inputs name. */
final class InputFiles {
    private InputFiles() {}

    /** The path of an input; empty where it is none, of which the run tells. */
    static Optional<Path> path(String input) {
        try {
            return Optional.of(input.startsWith("file:") ? Path.of(URI.create(input)) : Path.of(input));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Files of one name: several where inputs of different directories have it. */
    static List<Path> named(String name, List<String> inputs) {
        return inputs.stream()
                .flatMap(input -> path(input).stream())
                .map(path -> Files.isDirectory(path) ? path.resolve(name) : path)
                .filter(file -> file.endsWith(name) && Files.isRegularFile(file))
                .toList();
    }
}
