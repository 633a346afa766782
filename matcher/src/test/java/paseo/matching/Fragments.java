package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import paseo.events.Embedding;

/** Somebody who is created twice, because the second picture is unlike the first, and pictures between the two. */
final class Fragments {
    private Fragments() {}

    /** Cosine {@code first} with the first axis, the rest along the second. */
    static Embedding look(double first) {
        float[] vector = new float[Recording.DIMENSION];
        vector[0] = (float) first;
        vector[1] = (float) Math.sqrt(1 - first * first);
        return Embedding.normalised(vector);
    }

    static Embedding stranger() {
        float[] vector = new float[Recording.DIMENSION];
        vector[7] = 1;
        return Embedding.normalised(vector);
    }

    /** Who is created twice, and the stranger. */
    static Recording fragments(String camera) {
        Recording file = new Recording(camera);
        file.walk(look(1), 5);
        file.walk(look(0.6), 5);
        file.walk(stranger(), 5);
        return file.end();
    }

    /** A picture that is more like the second fragment, and like the first. */
    static Recording between(String camera, double first) {
        Recording file = new Recording(camera);
        file.walk(look(first), 5);
        return file.end();
    }

    /** People who walk through one after the other. */
    static Recording again(String camera, Embedding... looks) {
        Recording file = new Recording(camera);
        for (Embedding look : looks) {
            file.walk(look, 5);
        }
        return file.end();
    }

    /** What was said last in a session that has begun before. */
    static Recording rest(Recording begun) {
        Recording rest = new Recording(begun.camera);
        rest.detections.clear();
        rest.sequences.add(begun.sequences.get(begun.sequences.size() - 1));
        return rest;
    }

    /** Has a matcher take these recordings, one after the other. */
    static void process(Servers servers, Recording... files) throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            for (Recording file : files) {
                servers.send(file, 0);
                servers.awaitIdle();
            }
            assertThat(matcher.running()).isTrue();
        }
    }
}
