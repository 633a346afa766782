package paseo.evaluation;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Source;
import paseo.events.Usability;

/** Two people who walk through the pictures of every camera, ten seconds each, as a worker would describe them. */
final class MadeUpDetections {
    private static final int DIMENSION = 256;
    private static final int FRAME_RATE = 25;
    private static final int VISIT = 10 * FRAME_RATE;
    private static final long FRAME_MICROS = 1_000_000 / FRAME_RATE;
    private static final int CROP_BYTES = 3_000;
    private static final float NOISE = 0.3f;

    private final Random random = new Random(11);

    /**
     * A record.
     *
     * @param number of the frame; -1 for the session's first heartbeat
     */
    Detections of(String camera, int number) {
        FrameReference reference =
                new FrameReference(camera, 1, number, Math.max(0, number) * FRAME_MICROS, Math.max(0, number));
        if (number < 0) {
            Source source = new Source(camera, Source.Kind.FILE, 1920, 1080, FRAME_RATE, 0);
            return new Detections(reference, new Heartbeat(Heartbeat.State.STARTED, source, ""));
        }
        List<Face> faces = List.of(face(camera, number, 0), face(camera, number, 1));
        return new Detections(reference, new Detections.Faces("made-up@1", DIMENSION, 1920, 1080, faces));
    }

    private Face face(String camera, int number, int lane) {
        int visit = number / VISIT;
        float x = 100 + 1600f * (number % VISIT) / VISIT;
        float y = 200 + 400 * lane;
        Random person = new Random(31L * camera.hashCode() + 2L * visit + lane);
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (person.nextGaussian() + NOISE * random.nextGaussian());
        }
        byte[] crop = new byte[CROP_BYTES];
        random.nextBytes(crop);
        return new Face(
                new Box(x, y, 80, 100),
                0.95f,
                Landmarks.of(x + 25, y + 40, x + 55, y + 40, x + 40, y + 60, x + 28, y + 75, x + 52, y + 75),
                new Pose(5, 2, 0),
                0.7f,
                Usability.USABLE,
                Embedding.normalised(vector),
                ByteBuffer.wrap(crop));
    }
}
