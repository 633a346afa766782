package paseo.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import paseo.standalone.AnnotatedVideo.Mark;
import paseo.standalone.AnnotatedVideo.Sampling;
import paseo.standalone.Findings.SourceFound;

/** Writes an annotated copy of every video of a run. */
final class Annotations {
    private static final String ENDING = ".annotated.mp4";

    private final List<String> inputs;
    private final FindingsReader reader;
    private final Terminal terminal;
    private final Sampling sampling;
    private final Runnable check;

    /**
     * Annotations of a run.
     *
     * @param inputs as they were given
     * @param reader for the faces
     * @param terminal told of each copy
     * @param sampling of the run
     * @param check throws where no more is to be written
     */
    Annotations(List<String> inputs, FindingsReader reader, Terminal terminal, Sampling sampling, Runnable check) {
        this.inputs = List.copyOf(inputs);
        this.reader = reader;
        this.terminal = terminal;
        this.sampling = sampling;
        this.check = check;
    }

    /**
     * Writes the copies.
     *
     * @param target the copy of a single video; a directory where there are several, where it is one, or where its name
     *     has no ending
     */
    void write(Findings findings, Path target) {
        List<SourceFound> readable = findings.sources().stream()
                .filter(source -> !source.camera().isEmpty())
                .toList();
        boolean directory = isDirectory(target) || readable.size() > 1;
        Set<String> names = new HashSet<>();
        for (SourceFound source : readable) {
            Path copy = directory ? target.resolve(name(source, names)) : target;
            terminal.note("annotating " + source.name());
            AnnotatedVideo.write(locate(source, inputs), copy, marks(findings, source), sampling, check);
            terminal.note("wrote " + copy);
        }
    }

    /** Whether a target is a directory, or would be one if it existed: its name has no ending. */
    static boolean isDirectory(Path target) {
        Path name = target.getFileName();
        return Files.isDirectory(target) || name == null || !name.toString().contains(".");
    }

    private static String name(SourceFound source, Set<String> taken) {
        String stem = source.name().replaceFirst("\\.[A-Za-z0-9]{1,4}$", "");
        return taken.add(stem) ? stem + ENDING : source.camera() + ENDING;
    }

    private Map<Long, List<Mark>> marks(Findings findings, SourceFound source) {
        Map<Long, List<Mark>> marks = new HashMap<>();
        Findings one = new Findings(List.of(source), List.of(), findings.sequencesIn(source));
        reader.faces(
                one,
                face -> marks.computeIfAbsent(face.frame(), frame -> new ArrayList<>())
                        .add(new Mark(face.x(), face.y(), face.width(), face.height(), face.person())));
        return marks;
    }

    /** The file of a source: its name is known, and its camera's id ends with the first digits of its SHA-256. */
    static Path locate(SourceFound source, List<String> inputs) {
        List<Path> candidates = InputFiles.named(source.name(), inputs);
        return candidates.stream()
                .filter(file -> candidates.size() == 1 || isSource(file, source))
                .findFirst()
                .orElseThrow(() -> Refusal.failed(
                        "cannot annotate " + source.name() + ": the file is no longer where it was", null));
    }

    private static boolean isSource(Path file, SourceFound source) {
        try {
            String digits = source.camera().substring(source.camera().lastIndexOf('-') + 1);
            return Checksum.sha256(file).startsWith(digits);
        } catch (IOException e) {
            throw Refusal.failed("cannot read " + file + " (" + DataDirectory.reason(e) + ")", e);
        }
    }
}
