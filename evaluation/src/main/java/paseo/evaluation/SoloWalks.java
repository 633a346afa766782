package paseo.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
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
     * Lets everybody walk.
     *
     * @param photographs ordered by person and name
     * @param progress told the number of walks done
     */
    Seen walk(List<Photograph> photographs, long seed, IntConsumer progress) throws IOException {
        Map<String, List<Photograph>> ofPerson = new LinkedHashMap<>();
        for (Photograph photograph : photographs) {
            ofPerson.computeIfAbsent(photograph.person(), person -> new ArrayList<>())
                    .add(photograph);
        }
        List<FaceSequence> first = new ArrayList<>();
        List<FaceSequence> later = new ArrayList<>();
        int appearances = 0;
        for (List<Photograph> person : ofPerson.values()) {
            boolean seen = false;
            for (Photograph photograph : person.subList(0, Math.min(MOST_APPEARANCES, person.size()))) {
                Optional<FaceSequence> sequence = walk(photograph, seed);
                sequence.ifPresent((seen ? later : first)::add);
                seen |= sequence.isPresent();
                progress.accept(++appearances);
            }
        }
        return new Seen(first, later, appearances);
    }

    private Optional<FaceSequence> walk(Photograph photograph, long seed) throws IOException {
        List<SoloFrame> frames = scenes.frames(photograph, seed, FRAMES);
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
