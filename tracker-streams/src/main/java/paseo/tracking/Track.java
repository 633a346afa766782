package paseo.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.FrameReference;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Member;
import paseo.events.Sequence.Phase;

/**
 * The tracker's live hypothesis that some faces are one person's: tentative until a second look, then confirmed, in
 * between lost, at last closed. Once confirmed it is a sequence on the wire. Not thread-safe.
 *
 * <p>The fields are what a restart has to bring back; {@link StateCodec} writes and reads them.
 */
final class Track {
    /** Faces that wait for the next event at most, so that state and events stay small. */
    private static final int MOST_PENDING = 256;

    /** Usable faces that contradict what the track shows, one after the other, before it is given up. */
    private static final int MOST_CONTRADICTIONS = 2;

    /** What neighbouring faces of a person show with any model pack, before the track's own are known. */
    private static final double TYPICAL_SIMILARITY = 0.7;

    private static final int LONGEST_MEMORY = 20;

    /** What is said about a track before and between its faces. */
    static final class State {
        long number;
        long firstFrame;
        long firstTime;
        long lastFrame;
        long lastTime;
        int faceCount;
        int usableCount;
        boolean confirmed;
        int revision;
        long eventTime;
        boolean newUsable;
        int contradictions;
        double ownSimilarity = TYPICAL_SIMILARITY;
    }

    final State state;
    final UUID id;
    final SequenceTemplate template;
    final List<Member> pending;
    final SortedSet<UUID> seenWith;
    private final String camera;
    private final long epoch;
    private Motion motion;

    /** A track as it was. */
    Track(
            String camera,
            long epoch,
            State state,
            Motion motion,
            SequenceTemplate template,
            List<Member> pending,
            List<UUID> seenWith) {
        this.camera = camera;
        this.epoch = epoch;
        this.state = state;
        this.id = Sequence.idOf(camera, epoch, state.firstFrame, state.number);
        this.motion = motion;
        this.template = template;
        this.pending = new ArrayList<>(pending);
        this.seenWith = new TreeSet<>(seenWith);
    }

    /** A tentative track that begins with this face. */
    static Track start(long number, FrameReference reference, long time, Candidate candidate) {
        State state = new State();
        state.number = number;
        state.firstFrame = reference.number();
        state.firstTime = time;
        Track track = new Track(
                reference.camera(),
                reference.epoch(),
                state,
                Motion.start(time, candidate.box()),
                new SequenceTemplate(),
                List.of(),
                List.of());
        track.add(reference.number(), time, candidate);
        return track;
    }

    Motion motion() {
        return motion;
    }

    /** Goes on with a face of this frame. */
    void join(long frame, long time, Candidate candidate) {
        motion = motion.predict(time).update(candidate.box());
        float[] vector = candidate.vector();
        if (vector != null) {
            if (!template.isEmpty()) {
                learn(template.similarity(vector));
            }
            state.contradictions = 0;
        }
        add(frame, time, candidate);
    }

    private void learn(double similarity) {
        state.ownSimilarity += (similarity - state.ownSimilarity) / (Math.min(state.usableCount, LONGEST_MEMORY) + 1);
    }

    private void add(long frame, long time, Candidate candidate) {
        state.lastFrame = frame;
        state.lastTime = time;
        state.faceCount++;
        pending.add(new Member(frame, candidate.index()));
        if (candidate.vector() != null) {
            template.add(frame, candidate.index(), time, candidate.face());
            state.usableCount++;
            state.newUsable = true;
        }
    }

    /** Notes a face where the track should be that is certainly someone else's. */
    void contradict() {
        state.contradictions++;
    }

    /** Whether it was contradicted so often that whatever is there now is not this person. */
    boolean givenUp() {
        return state.contradictions >= MOST_CONTRADICTIONS;
    }

    /**
     * Whether it may be called a person: three faces, or two of which one is usable. A single face never is: false
     * alarms of a detector rarely come twice in the same place.
     */
    boolean convincing() {
        return state.faceCount >= 3 || (state.faceCount >= 2 && state.usableCount >= 1);
    }

    /** The event that is due at this time, if any. */
    @Nullable
    Sequence due(long time, TrackerParameters parameters, String modelPack) {
        if (!state.confirmed) {
            if (!convincing()) {
                return null;
            }
            state.confirmed = true;
            return event(time, Phase.OPENED, null, modelPack);
        }
        boolean waitedEnough =
                time - state.eventTime >= parameters.updateEvery().toNanos() / 1_000;
        return (state.newUsable && waitedEnough) || pending.size() >= MOST_PENDING
                ? event(time, Phase.UPDATED, null, modelPack)
                : null;
    }

    /** The last event of a confirmed track. */
    Sequence close(long time, CloseReason reason, String modelPack) {
        return event(time, Phase.CLOSED, reason, modelPack);
    }

    private Sequence event(long time, Phase phase, @Nullable CloseReason reason, String modelPack) {
        Sequence sequence = new Sequence(
                camera,
                epoch,
                id,
                phase,
                state.revision++,
                state.number,
                state.firstFrame,
                state.lastFrame,
                state.firstTime,
                state.lastTime,
                state.faceCount,
                state.usableCount,
                pending,
                template.template(),
                List.copyOf(seenWith),
                reason,
                modelPack);
        pending.clear();
        state.eventTime = time;
        state.newUsable = false;
        return sequence;
    }
}
