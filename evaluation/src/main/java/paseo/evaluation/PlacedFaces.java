package paseo.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import paseo.evaluation.scenes.FaceBox;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Image;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;

/**
 * Photographs that can be walked past a camera: those in which a detector sees a face where {@link Photographs#faceIn}
 * says it is. Elsewhere the scene would cut a head through its mouth, or show an ear, and call it somebody. Always the
 * detector of the default pack, so that every pack is measured on the same scenes.
 */
final class PlacedFaces {
    private static final String DETECTOR = "retail";
    private static final int BATCH = 64;

    /** Overlap of found and expected face, intersection over union. */
    private static final double LEAST_OVERLAP = 0.5;

    private PlacedFaces() {}

    /**
     * Leaves out the others and says how many they were.
     *
     * @throws IOException if none is left
     */
    static List<Photograph> of(List<Photograph> photographs) throws IOException {
        return of(photographs, System.err::println);
    }

    /** @param notes is told of what is left out */
    static List<Photograph> of(List<Photograph> photographs, Consumer<String> notes) throws IOException {
        List<Photograph> placed = new ArrayList<>();
        int unreadable = 0;
        Ticker ticker = new Ticker("photographs looked through");
        ModelPack pack = ModelPack.load(DETECTOR);
        ModelStore store = ModelStore.standard().complete(pack, Set.of(), System.err::println);
        try (FacePipeline pipeline = FacePipeline.open(
                CentralFaces.refusing(pack),
                store,
                PipelineSettings.standard().withThreads(Runtime.getRuntime().availableProcessors()))) {
            for (int start = 0; start < photographs.size(); start += BATCH) {
                List<Photograph> batch = photographs.subList(start, Math.min(start + BATCH, photographs.size()));
                List<Image> images = new ArrayList<>();
                for (Photograph photograph : batch) {
                    images.add(photograph.image());
                }
                List<Detections.Content> found = pipeline.examine(images);
                for (int i = 0; i < batch.size(); i++) {
                    if (placed(found.get(i))) {
                        placed.add(batch.get(i));
                    }
                    unreadable += found.get(i) instanceof Detections.Dropped ? 1 : 0;
                }
                ticker.at(start + batch.size(), photographs.size());
            }
        }
        say(notes, unreadable, photographs.size(), "damaged or too large");
        if (placed.isEmpty()) {
            throw new IOException("in none of the photographs there is a face where scenes take it from: its box must"
                    + " begin near " + percent(Photographs.FACE.x()) + " and " + percent(Photographs.FACE.y())
                    + " of the picture's width and height and be about " + percent(Photographs.FACE.width()) + " by "
                    + percent(Photographs.FACE.height()) + " large");
        }
        say(notes, photographs.size() - placed.size() - unreadable, photographs.size(), "no face in their middle");
        return List.copyOf(placed);
    }

    private static void say(Consumer<String> notes, int leftOut, int all, String why) {
        if (leftOut > 0) {
            notes.accept(String.format(Locale.ROOT, "%,d of %,d photographs are left out: %s", leftOut, all, why));
        }
    }

    private static boolean placed(Detections.Content content) {
        if (!(content instanceof Detections.Faces faces)) {
            return false;
        }
        FaceBox expected = Photographs.faceIn(faces.sourceWidth(), faces.sourceHeight());
        Box box = new Box(
                (float) expected.x(), (float) expected.y(), (float) expected.width(), (float) expected.height());
        return faces.faces().stream().anyMatch(face -> face.box().iou(box) >= LEAST_OVERLAP);
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
