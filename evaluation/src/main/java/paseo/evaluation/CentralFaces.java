package paseo.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Image;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;

/**
 * The embedding of the main face of each photograph.
 *
 * @param embeddings of the photographs in which a face was found
 * @param numbers of their persons, from 0 without gaps
 */
record CentralFaces(List<Embedding> embeddings, List<Integer> numbers) {
    private static final int BATCH = 32;
    private static final float ANY = -1;
    private static final float EVERY_ANGLE = 360;
    private static final float BEYOND_ALL = 2;

    /** A pack that embeds every face it finds, however bad: a photograph that cannot be read must count as a miss. */
    static ModelPack ungated(ModelPack pack) {
        return with(pack, new ModelPack.Gates(ANY, ANY, EVERY_ANGLE, EVERY_ANGLE, ANY, ANY, ANY, ANY, ANY, ANY));
    }

    /** A pack that finds faces and embeds none: no score is high enough. */
    static ModelPack refusing(ModelPack pack) {
        return with(pack, new ModelPack.Gates(BEYOND_ALL, ANY, EVERY_ANGLE, EVERY_ANGLE, ANY, ANY, ANY, ANY, ANY, ANY));
    }

    private static ModelPack with(ModelPack pack, ModelPack.Gates gates) {
        return new ModelPack(
                pack.name(),
                pack.version(),
                pack.description(),
                pack.licence(),
                pack.directory(),
                pack.files(),
                pack.detector(),
                pack.landmarks(),
                pack.pose(),
                pack.embedder(),
                gates,
                pack.thresholds());
    }

    static CentralFaces of(List<Photograph> photographs, FacePipeline pipeline) throws IOException {
        List<Embedding> embeddings = new ArrayList<>();
        List<Integer> persons = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int start = 0; start < photographs.size(); start += BATCH) {
            List<Photograph> batch = photographs.subList(start, Math.min(start + BATCH, photographs.size()));
            List<Image> images = new ArrayList<>();
            for (Photograph photograph : batch) {
                images.add(photograph.image());
            }
            List<Detections.Content> found = pipeline.examine(images);
            for (int i = 0; i < batch.size(); i++) {
                Optional<Embedding> embedding = central(found.get(i));
                if (embedding.isPresent()) {
                    embeddings.add(embedding.get());
                    persons.add(numbers.computeIfAbsent(batch.get(i).person(), person -> numbers.size()));
                }
            }
        }
        return new CentralFaces(embeddings, persons);
    }

    /** Number of people. */
    int persons() {
        return (int) numbers.stream().distinct().count();
    }

    int[] personOf() {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Optional<Embedding> central(Detections.Content content) {
        if (!(content instanceof Detections.Faces faces)) {
            return Optional.empty();
        }
        return faces.faces().stream()
                .filter(Face::usable)
                .min(Comparator.comparingDouble(face -> Math.hypot(
                        face.box().centreX() - faces.sourceWidth() / 2.0,
                        face.box().centreY() - faces.sourceHeight() / 2.0)))
                .map(face -> Objects.requireNonNull(face.embedding()));
    }
}
