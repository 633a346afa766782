package paseo.tracking;

import java.util.ArrayList;
import java.util.Arrays;
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

    /** Usable faces of others in its place, one after the other, after which a track ended because of them. */
    private static final int MOST_CONTRADICTIONS = 2;

    /** What neighbouring faces of a person show with any model pack, before the track's own are known. */
    private static final double TYPICAL_SIMILARITY = 0.7;

    private static final int LONGEST_MEMORY = 20;

    /**
     * Usable faces at which an event is worth having before its time. Three may be enough to know somebody; where they
     * are not, the next few decide soonest, and from eight on one more says little.
     */
    private static final int[] MILESTONES = {3, 4, 5, 6, 7, 8, 10, 12, 14, 16};

    /** Usable faces a track must have, and a branch, before the one can be told from the other. */
    private static final int FEW = 3;

    private static final int FEWER = 2;
    /** A branch that gets no more usable faces is decided with those it has. */
    private static final long UNDECIDED_MICROS = 1_000_000;

    /** The same where it is a sequence of its own unless a face proves that it isn't. */
    private static final long UNPROVEN_MICROS = 2_000_000;

    /** Two faces this far apart are as good as three of a faster camera. */
    private static final long SLOW_MICROS = 250_000;

    /** What was seen for longer is worth telling, whatever it is. */
    private static final long SCRAP_MICROS = 500_000;

    /**
     * Agreement of two parts of a track below which they are two people. Means of sequences of the real videos: .59 at
     * least for the same person, .28 at most for two; the agreement is larger than either, because noise is taken out.
     */
    private static final double BIMODAL = 0.5;

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
        /** Came into view together with others when nobody else was, as at a cut in a film. */
        boolean cutIn;
        /** Lost together with all others, as at a cut. */
        boolean cutOff;
        /** Usable faces at the last event. */
        int eventUsable;

        int contradictions;
        /** Position doesn't tell whose this branch or newcomer is, a face must. */
        boolean unproven;

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
    private @Nullable Track branch;
    private boolean recognised;

    /** A track as it was. */
    Track(
            String camera,
            long epoch,
            State state,
            Motion motion,
            SequenceTemplate template,
            List<Member> pending,
            List<UUID> seenWith,
            @Nullable Track branch) {
        this.camera = camera;
        this.epoch = epoch;
        this.state = state;
        this.id = Sequence.idOf(camera, epoch, state.firstFrame, state.number);
        this.motion = motion;
        this.template = template;
        this.pending = new ArrayList<>(pending);
        this.seenWith = new TreeSet<>(seenWith);
        this.branch = branch;
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
                List.of(),
                null);
        track.add(reference.number(), time, candidate);
        return track;
    }

    Motion motion() {
        return motion;
    }

    /**
     * The part in doubt, if any: since some face the track goes on in the same place, but doesn't look quite the same.
     * Its faces belong to no event until it is known whose they are.
     */
    @Nullable
    Track branch() {
        return branch;
    }

    /** The part that is in view now: the branch, or the track itself. */
    Track head() {
        return branch == null ? this : branch;
    }

    /** Similarity of a unit vector to the three nearest kept faces, those in doubt included. */
    double similarity(float[] vector) {
        return branch == null ? template.similarity(vector) : template.similarity(vector, branch.template);
    }

    /** Whether a face looks like those of this track that are beyond doubt. */
    boolean looksLike(float[] vector) {
        return template.similarity(vector) >= Link.ALIKE_SHARE * state.ownSimilarity;
    }

    /** Whether this face of a track without a branch may be the first one of somebody else. */
    boolean doubts(Candidate candidate) {
        float[] vector = candidate.vector();
        return vector != null && state.usableCount >= FEW && !looksLike(vector);
    }

    /** Goes on with a face of this frame. */
    void join(long frame, long time, Candidate candidate) {
        move(time, candidate);
        if (branch == null) {
            add(frame, time, candidate);
        } else {
            float[] vector = candidate.vector();
            recognised = vector != null && looksLike(vector);
            branch.motion = motion;
            branch.add(frame, time, candidate);
        }
    }

    /** Goes on with a face in doubt, the first one of a new part. */
    void join(Candidate candidate, Track part) {
        move(part.state.firstTime, candidate);
        part.motion = motion;
        branch = part;
    }

    private void move(long time, Candidate candidate) {
        state.cutOff = false;
        motion = motion.predict(time).update(candidate.box());
        float[] vector = candidate.vector();
        if (vector != null) {
            if (!template.isEmpty()) {
                learn(similarity(vector));
            }
            state.contradictions = 0;
        }
    }

    /** Whether the branch must wait for more faces before it can be judged. */
    boolean undecided(long time) {
        return branch != null
                && !recognised
                && branch.template.faces().size() < FEW
                && time - branch.state.firstTime < (branch.state.unproven ? UNPROVEN_MICROS : UNDECIDED_MICROS);
    }

    /** Whether the branch is a sequence of its own, as far as its faces can say. */
    boolean parted() {
        return bimodal() || unproven();
    }

    private boolean unproven() {
        return branch != null
                && branch.state.unproven
                && !recognised
                && branch.template.faces().size() < FEWER;
    }

    private boolean bimodal() {
        return branch != null
                && !recognised
                && branch.template.faces().size() >= FEWER
                && template.agreement(branch.template, state.ownSimilarity) < BIMODAL;
    }

    /** Lets the branch go; it becomes a track of its own, or part of this one. */
    @Nullable
    Track takeBranch() {
        Track part = branch;
        branch = null;
        recognised = false;
        return part;
    }

    /** Goes on with all faces of a later track that nothing has been said about. */
    void absorb(Track later) {
        motion = later.motion;
        state.lastFrame = later.state.lastFrame;
        state.lastTime = later.state.lastTime;
        state.faceCount += later.state.faceCount;
        state.usableCount += later.state.usableCount;
        template.addAll(later.template);
        pending.addAll(later.pending);
        seenWith.addAll(later.seenWith);
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
        }
    }

    /** Notes a face where the track should be that is certainly someone else's. */
    void contradict() {
        state.contradictions++;
    }

    /** Whether it was contradicted since its last face: somebody else is near, so position alone says little. */
    boolean contradicted() {
        return state.contradictions > 0;
    }

    /** Whether it was contradicted so often that whatever is there now is not this person. */
    boolean displaced() {
        return state.contradictions >= MOST_CONTRADICTIONS;
    }

    /**
     * Whether it may be called a person: three faces, or two of which one is usable where they come slowly. A single
     * face never is: false alarms of a detector rarely come twice in the same place. Two of one moment may be a box
     * that lay over one person first and over another then.
     */
    boolean convincing() {
        return state.faceCount >= 3
                || (state.faceCount >= 2 && state.usableCount >= 1 && state.lastTime - state.firstTime >= SLOW_MICROS);
    }

    /**
     * Whether it may be somebody known and is too little to tell: of a moment's few usable faces none looks like them,
     * but nor would they alone be a person. A box over two heads that cross is such a thing.
     */
    boolean scrap() {
        return state.unproven
                && state.usableCount > 0
                && state.usableCount < FEW
                && state.lastTime - state.firstTime < SCRAP_MICROS;
    }

    /** Whether it is about to become a sequence. */
    boolean becomesConvincing() {
        return !state.confirmed && convincing();
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
        boolean newUsable = state.usableCount > state.eventUsable;
        return (newUsable && (waitedEnough || milestone())) || pending.size() >= MOST_PENDING
                ? event(time, Phase.UPDATED, null, modelPack)
                : null;
    }

    private boolean milestone() {
        return Arrays.stream(MILESTONES).anyMatch(faces -> state.eventUsable < faces && state.usableCount >= faces);
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
                modelPack,
                time);
        pending.clear();
        state.eventTime = time;
        state.eventUsable = state.usableCount;
        return sequence;
    }
}
