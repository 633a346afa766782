package paseo.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.FaceSequence.UsableFace;
import paseo.evaluation.scenes.FaceBox;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.SoloSequences;
import paseo.evaluation.scenes.SoloSequences.SoloFrame;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.inference.FacePipeline;

/**
 * Thousands of people walking past a camera one by one, each photograph an appearance of its own: what a tracker that
 * makes no mistakes would give, in a fraction of the time that filming them takes.
 */
final class SoloWalks {
    /** Photographs of one person that are used: the first is the gallery's, the others come back. */
    static final int MOST_APPEARANCES = 3;

    private static final int FRAMES = 12;
    private static final double SAME_FACE = 0.3;

    private final FacePipeline pipeline;
    private final SoloSequences scenes;

    SoloWalks(FacePipeline pipeline, SoloSequences scenes) {
        this.pipeline = pipeline;
        this.scenes = scenes;
    }

    /**
     * What came of the walks.
     *
     * @param first one sequence of each person
     * @param later sequences of those who came back, each from another photograph
     * @param appearances how many walks there were; those without a usable face gave no sequence
     */
    record Seen(List<FaceSequence> first, List<FaceSequence> later, int appearances) {}

    /**
     * Lets everybody walk, on as many threads as there are processors; what is seen doesn't depend on them.
     *
     * @param photographs ordered by person and name
     * @param progress told the number of walks done, never twice at a time
     */
    Seen walk(List<Photograph> photographs, long seed, IntConsumer progress) throws IOException {
        List<Photograph> walking = photographs.stream()
                .collect(Collectors.groupingBy(Photograph::person, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(person -> person.stream().limit(MOST_APPEARANCES))
                .toList();
        AtomicInteger done = new AtomicInteger();
        List<Optional<FaceSequence>> sequences;
        try {
            sequences = walking.parallelStream()
                    .map(photograph -> {
                        Optional<FaceSequence> sequence = walk(photograph, seed);
                        synchronized (progress) {
                            progress.accept(done.incrementAndGet());
                        }
                        return sequence;
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<FaceSequence> first = new ArrayList<>();
        List<FaceSequence> later = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        sequences.stream()
                .flatMap(Optional::stream)
                .forEach(sequence -> (seen.add(sequence.person()) ? first : later).add(sequence));
        return new Seen(first, later, walking.size());
    }

    private Optional<FaceSequence> walk(Photograph photograph, long seed) {
        List<SoloFrame> frames;
        try {
            frames = scenes.frames(photograph, seed, FRAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Detections.Content> found =
                pipeline.examine(frames.stream().map(SoloFrame::image).toList());
        List<UsableFace> faces = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            SoloFrame frame = frames.get(i);
            long number = i;
            face(found.get(i), frame.face())
                    .filter(Face::usable)
                    .ifPresent(face -> faces.add(new UsableFace(
                            number,
                            Math.round(frame.timeSeconds() * 1e6),
                            face.quality(),
                            face.pose(),
                            Objects.requireNonNull(face.embedding()))));
        }
        String id = photograph.person() + "/" + photograph.name();
        return faces.isEmpty() ? Optional.empty() : Optional.of(new FaceSequence(id, photograph.person(), faces));
    }

    /** The face that was walked past the camera, if the detector found it. */
    private static Optional<Face> face(Detections.Content content, FaceBox truth) {
        if (!(content instanceof Detections.Faces faces)) {
            return Optional.empty();
        }
        Box box = new Box((float) truth.x(), (float) truth.y(), (float) truth.width(), (float) truth.height());
        return faces.faces().stream()
                .max(Comparator.comparingDouble(face -> face.box().iou(box)))
                .filter(face -> face.box().iou(box) >= SAME_FACE);
    }
}
