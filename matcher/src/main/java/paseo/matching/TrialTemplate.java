package paseo.matching;

import java.nio.ByteBuffer;
import java.util.List;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Template;

/** A template of given vectors, without pictures. */
final class TrialTemplate {
    private static final float QUALITY = 0.5f;

    private TrialTemplate() {}

    /** The first vector is the centre, the others are prototypes. */
    static Template of(List<Embedding> vectors) {
        List<Template.Prototype> prototypes = vectors.stream()
                .skip(1)
                .map(vector -> new Template.Prototype(
                        0, 0, 0, QUALITY, new Pose(0, 0, 0), vector, ByteBuffer.wrap(new byte[1])))
                .toList();
        return new Template(vectors.get(0), 1, 1, vectors.size(), prototypes);
    }
}
