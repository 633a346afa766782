package paseo.frames;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the files that a run's inputs name: files, directories, {@code file:} URLs. */
final class Inputs {
    private static final Set<String> VIDEO_ENDINGS = Set.of(
            "mp4", "m4v", "mkv", "mov", "avi", "webm", "gif", "ts", "mts", "m2ts", "mpg", "mpeg", "3gp", "flv", "ogv",
            "wmv");

    private Inputs() {}

    /** What an input stands for. */
    sealed interface Input {
        /** What a person calls it. */
        String name();
    }

    /** A file to read. */
    record FileInput(Path path) implements Input {
        @Override
        public String name() {
            return path.getFileName().toString();
        }
    }

    /** An input that cannot be read, with the reason in one line that names it. */
    record BadInput(String name, String error) implements Input {}

    /** The inputs in order, each directory replaced by its videos sorted by name. Never throws. */
    static List<Input> expand(List<String> inputs) {
        List<Input> expanded = new ArrayList<>();
        for (String input : inputs) {
            expanded.addAll(expand(input));
        }
        return expanded;
    }

    private static List<? extends Input> expand(String input) {
        try {
            Path path = path(input);
            if (Files.isDirectory(path)) {
                return videosIn(path, input);
            }
            if (Files.exists(path)) {
                return List.of(new FileInput(path));
            }
            return List.of(new BadInput(shown(input), shown(input) + ": is not a file or directory"));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return List.of(new BadInput(shown(input), shown(input) + ": is not a file or directory"));
        } catch (IOException | UncheckedIOException e) {
            return List.of(new BadInput(input, input + ": cannot be listed: " + e.getMessage()));
        }
    }

    private static Path path(String input) throws InvalidPathException {
        return input.startsWith("file:") ? Path.of(URI.create(input)) : Path.of(input);
    }

    private static List<? extends Input> videosIn(Path directory, String input) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<FileInput> videos = entries.filter(Files::isRegularFile)
                    .filter(Inputs::looksLikeVideo)
                    .sorted()
                    .map(FileInput::new)
                    .toList();
            return videos.isEmpty()
                    ? List.of(new BadInput(input, input + ": has no videos in it (" + endings() + ")"))
                    : videos;
        }
    }

    private static boolean looksLikeVideo(Path file) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && VIDEO_ENDINGS.contains(ending);
    }

    private static String endings() {
        return String.join(", ", VIDEO_ENDINGS.stream().sorted().toList());
    }

    /** A mistaken camera URL may carry a password, also in its query; reports have its name. */
    private static String shown(String input) {
        return input.replaceAll("://[^/@]*@", "://***@").replaceFirst("(?s)(://[^?#]*)[?#].*", "$1?***");
    }
}
