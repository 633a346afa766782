package paseo.evaluation.methods;

import java.nio.ByteBuffer;
import java.util.List;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Template;
import paseo.events.Usability;
import paseo.tracking.SequenceTemplate;
import paseo.tracking.TemplateParameters;

/**
 * The usable faces of one person while in view, and who it is in truth.
 *
 * @param id of the sequence, unique
 * @param person in truth
 * @param faces in the order of time, at least one
 */
public record FaceSequence(String id, String person, List<UsableFace> faces) {
    /** Templates made here are compared, not shown. */
    private static final ByteBuffer NO_PICTURE = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final Box ANYWHERE = new Box(0, 0, 1, 1);
    private static final Landmarks NOWHERE = Landmarks.of(new float[10]);

    public FaceSequence {
        if (faces.isEmpty()) {
            throw new IllegalArgumentException("sequence " + id + " has no usable face");
        }
        faces = List.copyOf(faces);
    }

    /**
     * One face.
     *
     * @param frame number of its frame
     * @param timeMicros capture time
     * @param quality in [0, 1]
     * @param pose of the head
     */
    public record UsableFace(long frame, long timeMicros, float quality, Pose pose, Embedding embedding) {}

    /** What the tracker makes of these faces. */
    public Template template(TemplateParameters parameters) {
        SequenceTemplate template = new SequenceTemplate(parameters);
        for (UsableFace face : faces) {
            template.add(
                    face.frame(),
                    0,
                    face.timeMicros(),
                    new Face(
                            ANYWHERE,
                            1,
                            NOWHERE,
                            face.pose(),
                            face.quality(),
                            Usability.USABLE,
                            face.embedding(),
                            NO_PICTURE));
        }
        Template made = template.template();
        if (made == null) {
            throw new IllegalStateException("no template of " + faces.size() + " faces");
        }
        return made;
    }
}
