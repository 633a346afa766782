package paseo.tracking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** Records of sessions that tests make up. */
final class Scenes {
    static final String CAMERA = "hall-1a2b3c4d";
    static final long EPOCH = 7;
    static final String PACK = "test@1";
    static final int DIMENSION = 64;

    private static final Source FILE = new Source("hall.mp4", Source.Kind.FILE, 1280, 720, 25, 0);
    private static final Source LIVE = new Source("hall", Source.Kind.CAMERA, 1280, 720, 25, 0);

    private Scenes() {}

    /** A direction in which nobody else's faces lie; two of them have a similarity of about 0 ± 0.12. */
    static float[] person(long seed) {
        Random random = new Random(seed);
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Embedding.normalised(vector).toArray();
    }

    /** A photograph of a person: at noise 0.6, similar to the next one by about 0.73. */
    static float[] face(float[] person, double noise, Random random) {
        float[] vector = person.clone();
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] += (float) (random.nextGaussian() * noise / Math.sqrt(DIMENSION));
        }
        return vector;
    }

    static Face usable(Box box, float[] vector, float quality, Pose pose) {
        ByteBuffer crop = ByteBuffer.wrap(("crop " + box).getBytes(StandardCharsets.UTF_8));
        return new Face(box, 0.9f, landmarks(box), pose, quality, Usability.USABLE, Embedding.normalised(vector), crop);
    }

    static Face usable(Box box, float[] vector) {
        return usable(box, vector, 0.6f, new Pose(0, 0, 0));
    }

    static Face unusable(Box box, float score) {
        return new Face(box, score, landmarks(box), new Pose(0, 0, 0), 0.1f, Usability.TOO_SMALL, null, null);
    }

    private static Landmarks landmarks(Box box) {
        float x = box.centreX();
        float y = box.centreY();
        return Landmarks.of(x, y, x, y, x, y, x, y, x, y);
    }

    static FrameReference reference(long number, long timeMicros) {
        return new FrameReference(CAMERA, EPOCH, number, timeMicros, timeMicros);
    }

    static Detections frame(long number, long timeMicros, Face... faces) {
        return frame(number, timeMicros, List.of(faces));
    }

    static Detections frame(long number, long timeMicros, List<Face> faces) {
        return new Detections(reference(number, timeMicros), new Detections.Faces(PACK, DIMENSION, 1280, 720, faces));
    }

    static Detections heartbeat(Heartbeat.State state, long number, long timeMicros) {
        return new Detections(reference(number, timeMicros), new Heartbeat(state, FILE, ""));
    }

    static Detections liveHeartbeat(Heartbeat.State state, long number, long timeMicros) {
        return new Detections(reference(number, timeMicros), new Heartbeat(state, LIVE, ""));
    }

    /** The same record in another session. */
    static Detections inEpoch(long epoch, Detections detections) {
        FrameReference old = detections.reference();
        return new Detections(
                new FrameReference(old.camera(), epoch, old.number(), old.captureTimeMicros(), old.ingestTimeMicros()),
                detections.content());
    }

    /** The same record of another camera. */
    static Detections ofCamera(String camera, Detections detections) {
        FrameReference old = detections.reference();
        return new Detections(
                new FrameReference(camera, old.epoch(), old.number(), old.captureTimeMicros(), old.ingestTimeMicros()),
                detections.content());
    }

    /** The same sessions after a restart. */
    static CameraSessions savedAndLoaded(CameraSessions sessions) {
        Map<String, byte[]> faces = new HashMap<>();
        sessions.current()
                .ifPresent(tracker -> tracker.parts()
                        .forEach(track -> track.template
                                .faces()
                                .forEach(face ->
                                        faces.put(track.state.number + "/" + face.frame(), StateCodec.encode(face)))));
        return StateCodec.decode(
                CAMERA,
                StateCodec.encode(sessions),
                TrackerParameters.standard(),
                (track, frame) -> StateCodec.decodeFace(faces.getOrDefault(track + "/" + frame, new byte[0])));
    }

    /**
     * People who walk about at random in front of a camera: they turn, pass each other, are not found for a while, are
     * found weakly, and between them the detector sees faces where none are.
     */
    static List<Detections> crowd(long seed, int people, int frames, double framesPerSecond) {
        Random random = new Random(seed);
        List<Walker> walkers = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            walkers.add(new Walker(person(seed * 1_000 + i), random));
        }
        List<Detections> records = new ArrayList<>();
        records.add(heartbeat(Heartbeat.State.STARTED, -1, 0));
        long time = 0;
        for (int number = 0; number < frames; number++) {
            time = Math.round(number * 1e6 / framesPerSecond);
            List<Face> faces = new ArrayList<>();
            for (Walker walker : walkers) {
                walker.step(1 / framesPerSecond, random);
                walker.look(faces, random);
            }
            if (random.nextDouble() < 0.03) {
                faces.add(unusable(new Box(random.nextInt(1200), random.nextInt(600), 30, 36), 0.65f));
            }
            records.add(frame(number, time, faces));
            if (random.nextDouble() < 0.05) {
                records.add(heartbeat(Heartbeat.State.LIVE, number, time));
            }
        }
        records.add(heartbeat(Heartbeat.State.ENDED, frames - 1, time));
        return records;
    }

    private static final class Walker {
        private final float[] person;
        private double x;
        private double y;
        private double size;
        private double speedX;
        private double speedY;
        private double hiddenSeconds;

        Walker(float[] person, Random random) {
            this.person = person;
            x = random.nextDouble() * 1280;
            y = random.nextDouble() * 720;
            size = 30 + random.nextDouble() * 60;
            speedX = random.nextGaussian() * 80;
            speedY = random.nextGaussian() * 20;
        }

        void step(double seconds, Random random) {
            speedX += random.nextGaussian() * 60 * Math.sqrt(seconds);
            speedY += random.nextGaussian() * 30 * Math.sqrt(seconds);
            x += speedX * seconds;
            y += speedY * seconds;
            size = Math.max(20, Math.min(120, size * Math.exp(random.nextGaussian() * 0.2 * seconds)));
            if (x < 0 || x > 1280) {
                speedX = -speedX;
            }
            if (y < 0 || y > 720) {
                speedY = -speedY;
            }
            hiddenSeconds -= seconds;
            if (hiddenSeconds < -1 && random.nextDouble() < 0.2 * seconds) {
                hiddenSeconds = random.nextDouble() * 2.5;
            }
        }

        void look(List<Face> faces, Random random) {
            if (hiddenSeconds > 0 || random.nextDouble() < 0.05) {
                return;
            }
            double jitter = 0.05 * size;
            Box box = new Box(
                    (float) (x - size / 2 + random.nextGaussian() * jitter),
                    (float) (y - size * 0.6 + random.nextGaussian() * jitter),
                    (float) size,
                    (float) (size * 1.2));
            if (random.nextDouble() < 0.25) {
                faces.add(unusable(box, random.nextDouble() < 0.5 ? 0.45f : 0.8f));
            } else {
                Pose pose = new Pose((float) random.nextGaussian() * 20, (float) random.nextGaussian() * 10, 0);
                faces.add(usable(box, face(person, 0.6, random), 0.3f + 0.7f * random.nextFloat(), pose));
            }
        }
    }
}
