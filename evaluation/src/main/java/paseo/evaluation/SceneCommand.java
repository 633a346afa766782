package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.SceneSet;
import paseo.evaluation.scenes.SceneSettings;
import paseo.evaluation.scenes.Scenes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Photographs to video with truth, to look at or to run anything on. */
@Command(
        name = "scene",
        mixinStandardHelpOptions = true,
        description = {
            "Composes photographs into videos in which people walk by and come back, with the truth as CSV beside each.",
            "The same photographs, preset and seed give the same scene."
        })
final class SceneCommand implements Callable<Integer> {
    @Option(names = "--preset", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private Preset preset = Preset.EASY;

    @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--faces",
            required = true,
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file, the face in the middle.")
    private Path faces = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIRECTORY", description = "Where to write.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(faces)) {
            throw new NoSuchFileException(faces + " is not a file");
        }
        SceneSettings settings = preset.settings(seed);
        List<Photograph> photographs = drawable(Photographs.read(faces), settings);
        SceneSet set = Scenes.write(photographs, settings, writable(out), SceneCommand::print);
        System.err.println();
        smaller(set, faces.toString()).ifPresent(System.err::println);
        for (SceneSet.Video video : set.videos()) {
            System.out.println(video.file());
        }
        System.out.printf(
                Locale.ROOT,
                "%d people, %d returns, %d frames, %.0f s%n",
                set.people(),
                set.returns(),
                set.frames(),
                set.seconds());
        return 0;
    }

    private List<Photograph> drawable(List<Photograph> photographs, SceneSettings settings) throws IOException {
        List<Photograph> drawable = Scenes.drawable(photographs, settings);
        if (drawable.isEmpty()) {
            throw new IOException("none of the photographs in " + faces + " can be read");
        }
        if (drawable.size() < photographs.size()) {
            System.err.printf(
                    Locale.ROOT,
                    "%,d of %,d photographs are left out: damaged, tiny or too large%n",
                    photographs.size() - drawable.size(),
                    photographs.size());
        }
        return drawable;
    }

    /** That a scene shows fewer people or returns than it was to, if so. */
    static Optional<String> smaller(SceneSet set, String photographs) {
        SceneSettings settings = set.settings();
        return set.people() >= settings.people() && set.returns() >= settings.returns()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s holds too few photographs for %d people and %d returns: the scene is smaller",
                        photographs,
                        settings.people(),
                        settings.returns()));
    }

    private static Path writable(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException("cannot make the directory " + directory + ": " + e.getMessage(), e);
        }
        if (!Files.isWritable(directory)) {
            throw new IOException("cannot write into " + directory);
        }
        return directory;
    }

    private static void print(Path video, long done, long all) {
        if (done % 50 == 0 || done == all) {
            System.err.printf(Locale.ROOT, "\r%s: %d of %d frames", video.getFileName(), done, all);
        }
    }
}
