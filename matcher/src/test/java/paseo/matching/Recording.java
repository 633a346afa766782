package paseo.matching;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.events.Source;
import paseo.events.Template;
import paseo.events.Usability;

/**
 * What workers and trackers would say about one file, in the order of their topics: people, each a direction in space,
 * appear one after the other or together. A quarter of a second per frame, so that three faces found a person.
 */
final class Recording {
    static final String PACK = "test@1";
    static final int DIMENSION = 16;
    private static final long FRAME_MICROS = 250_000;

    final String camera;
    final List<Detections> detections = new ArrayList<>();
    final List<SequenceEvent> sequences = new ArrayList<>();
    private final long retentionSeconds;
    private int frame;
    private int track;

    Recording(String camera) {
        this(camera, 0);
    }

    /** @param retentionSeconds how long what is seen in it is to be kept, 0 for ever */
    Recording(String camera, long retentionSeconds) {
        this.camera = camera;
        this.retentionSeconds = retentionSeconds;
        detections.add(heartbeat(Heartbeat.State.STARTED));
    }

    /** Somebody's direction, the same for the same number and nearly orthogonal to others'. */
    static Embedding person(int number) {
        return noisy(new Random(number * 7919L), new float[DIMENSION], 1);
    }

    /** Another picture of the same person, about .9 similar. */
    static Embedding pictureOf(int person, long seed) {
        return noisy(new Random(seed), person(person).toArray(), 0.12f);
    }

    private static Embedding noisy(Random random, float[] around, float noise) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = around[i] + noise * (float) random.nextGaussian();
        }
        return Embedding.normalised(vector);
    }

    /** One person walks through, alone. */
    UUID walk(int person, int frames) {
        return together(frames, person).get(0);
    }

    /** Somebody who looks the same in every frame walks through, alone. */
    UUID walk(Embedding look, int frames) {
        return together(frames, List.of(frame -> look)).get(0);
    }

    /** Nobody is in view for some frames. */
    void pause(int frames) {
        for (int i = 0; i < frames; i++) {
            addFrame(List.of());
        }
    }

    /** People walk through side by side; the sequences' ids. The tracker says who was seen with whom. */
    List<UUID> together(int frames, int... people) {
        return together(
                frames,
                Arrays.stream(people)
                        .<IntFunction<Embedding>>mapToObj(person -> frame -> pictureOf(person, frame))
                        .toList());
    }

    /** The same for people who look in each frame as given. */
    List<UUID> together(int frames, List<IntFunction<Embedding>> looks) {
        int first = frame;
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            ids.add(Sequence.idOf(camera, 1, first, track + i));
        }
        for (int i = 0; i < frames; i++) {
            addFrame(looks);
        }
        for (int i = 0; i < looks.size(); i++) {
            List<UUID> others = new ArrayList<>(ids);
            others.remove(i);
            addSequence(ids.get(i), looks.get(i).apply(first), i, first, frames, others);
        }
        return ids;
    }

    private void addFrame(List<IntFunction<Embedding>> looks) {
        List<Face> faces = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            faces.add(face(i, looks.get(i).apply(frame)));
        }
        detections.add(new Detections(reference(frame), new Detections.Faces(PACK, DIMENSION, 640, 480, faces)));
        frame++;
    }

    private static Face face(int place, Embedding embedding) {
        return new Face(
                new Box(10 + 100 * place, 20, 60, 80),
                0.9f,
                Landmarks.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                new Pose(1, 2, 3),
                0.8f,
                Usability.USABLE,
                embedding,
                ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    private void addSequence(UUID id, Embedding look, int place, int first, int frames, List<UUID> others) {
        List<Sequence.Member> members = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            members.add(new Sequence.Member(first + i, place));
        }
        Template template = template(look, first, place, frames);
        sequences.add(sequence(id, first, 1, members.subList(0, 1), template, others, null, 0));
        sequences.add(sequence(
                id, first, frames, members.subList(1, frames), template, others, Sequence.CloseReason.LEFT_VIEW, 1));
        track++;
    }

    static Template template(Embedding centre, int frame, int place, int faces) {
        return new Template(
                centre,
                faces,
                0.9,
                faces,
                List.of(new Template.Prototype(
                        frame,
                        place,
                        frame * FRAME_MICROS,
                        0.8f,
                        new Pose(1, 2, 3),
                        centre,
                        ByteBuffer.wrap(new byte[] {1, 2, 3}))));
    }

    Sequence sequence(
            UUID id,
            int first,
            int frames,
            List<Sequence.Member> members,
            @Nullable Template template,
            List<UUID> others,
            Sequence.@Nullable CloseReason reason,
            int revision) {
        return new Sequence(
                camera,
                1,
                id,
                reason == null ? Sequence.Phase.OPENED : Sequence.Phase.CLOSED,
                revision,
                track,
                first,
                first + frames - 1,
                first * FRAME_MICROS,
                (first + frames - 1) * FRAME_MICROS,
                frames,
                template == null ? 0 : frames,
                members,
                template,
                others,
                reason,
                PACK);
    }

    /** The file is over. */
    Recording end() {
        detections.add(heartbeat(Heartbeat.State.ENDED));
        sequences.add(new SequenceEvent.SessionEnded(camera, 1, true, frame - 1));
        return this;
    }

    Detections heartbeat(Heartbeat.State state) {
        Source source = new Source(camera + ".mp4", Source.Kind.FILE, 640, 480, 10, 60_000_000, retentionSeconds);
        return new Detections(reference(frame - 1), new Heartbeat(state, source, ""));
    }

    FrameReference reference(int number) {
        return new FrameReference(camera, 1, number, Math.max(0, number) * FRAME_MICROS, 1_790_000_000_000_000L);
    }

    int frames() {
        return frame;
    }
}
