package paseo.standalone;

import java.io.IOException;
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
     * @throws Refusal naming a place that cannot be written, a file where several copies are to be, or a copy that
     *     would replace its video
     */
    static void check(RunSettings settings) {
        settings.export().ifPresent(directory -> tryOut(directory, "--export", directory));
        settings.annotate().ifPresent(target -> {
            tryOut(target, "--annotate", directoryOf(target));
            refuseToReplace(settings.inputs(), target);
            refuseOneFileForSeveral(settings.inputs(), target);
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
            Optional<Path> path = InputFiles.path(input);
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

    /** A directory counts as several: how many videos are in it may be different by then. */
    private static void refuseOneFileForSeveral(List<String> inputs, Path target) {
        boolean several = inputs.size() > 1
                || inputs.stream()
                        .flatMap(input -> InputFiles.path(input).stream())
                        .anyMatch(Files::isDirectory);
        if (several && Files.isRegularFile(target)) {
            throw Refusal.usage(
                    "--annotate " + target + " is a file, and copies of several videos need a directory: name one");
        }
    }

    /** Where copies are put. */
    private static Path directoryOf(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        return Annotations.isDirectory(target) || parent == null ? target : parent;
    }

    private static boolean isSame(Path input, Path target) {
        try {
            return Files.exists(target) && Files.isSameFile(input, target);
        } catch (IOException e) {
            throw Refusal.atStart("cannot read " + input + " (" + DataDirectory.reason(e) + ")", e);
        }
    }
}
