package paseo.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a run is to write what it found: tried before hours are spent on finding it. */
final class Outputs {
    private Outputs() {}

    /**
     * Tries every place that was asked for; directories are made where they are missing.
     *
     * @throws Refusal naming a place that cannot be written, or a copy that would replace its video
     */
    static void check(RunSettings settings) {
        settings.export().ifPresent(directory -> tryOut(directory, "--export", directory));
        settings.annotate().ifPresent(target -> {
            tryOut(target, "--annotate", directoryOf(target));
            refuseToReplace(settings.inputs(), target);
        });
    }

    private static void tryOut(Path asked, String option, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".paseo", ".tmp"));
        } catch (IOException e) {
            throw Refusal.atStart(
                    "cannot write " + option + " " + asked + " (" + DataDirectory.reason(e) + "): choose another", e);
        }
    }

    private static void refuseToReplace(List<String> inputs, Path target) {
        for (String input : inputs) {
            Optional<Path> path = path(input);
            if (path.filter(Files::isRegularFile)
                    .filter(video -> isSame(video, target))
                    .isPresent()) {
                throw Refusal.usage("--annotate " + target + " would replace the video itself: choose another");
            }
            if (path.filter(Files::isDirectory)
                    .filter(videos -> isSame(videos, directoryOf(target)))
                    .isPresent()) {
                throw Refusal.usage("--annotate " + target + " lies among the videos of " + input
                        + " and would be one of them in the next run: choose another");
            }
        }
    }

    /** Where copies are put. */
    private static Path directoryOf(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        return Annotations.isDirectory(target) || parent == null ? target : parent;
    }

    /** The run tells of an input that is no path. */
    private static Optional<Path> path(String input) {
        try {
            return Optional.of(input.startsWith("file:") ? Path.of(URI.create(input)) : Path.of(input));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isSame(Path input, Path target) {
        try {
            return Files.exists(target) && Files.isSameFile(input, target);
        } catch (IOException e) {
            throw Refusal.atStart("cannot read " + input + " (" + DataDirectory.reason(e) + ")", e);
        }
    }
}
