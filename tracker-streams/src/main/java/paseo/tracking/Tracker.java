package paseo.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import paseo.events.Detections;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.SequenceEvent;
import paseo.events.Source;

/**
 * Turns the detections of one session, in order, into sequences. Plain Java and a function of its input: time and ids
 * come from the records, so that the same records give the same events, byte for byte.
 *
 * <p>For each frame: predict every track ({@link Motion}), find which detection continues which ({@link Association}),
 * put in doubt what is ambiguous, close what is full, out of view for too long or was in doubt in vain, start tentative
 * tracks from the rest, emit what is due. Where it cannot know, it waits for a face that tells; where none comes, it
 * ends a sequence rather than risk two people in one: a fragment costs one merge later, a mixed sequence poisons a
 * person.
 *
 * <p>Not thread-safe.
 */
public final class Tracker {
    /** A tentative track must be seen again this soon: a false alarm shouldn't wait for the next one. */
    private static final long TENTATIVE_MICROS = 200_000;

    private static final double INTERVAL_SMOOTHING = 0.2;

    /** Overlapping boxes may be one head found twice, so they don't prove two people. */
    private static final double APART_IOU = 0.3;

    /** What a restart has to bring back besides the tracks; {@link StateCodec} writes and reads it. */
    static final class State {
        long lastNumber = -1;
        /** Never goes back. */
        long time;

        long frameTime;
        /** Smoothed time between looked-at frames in microseconds, 0 before the second. */
        double interval;

        long nextTrack;
        String modelPack = "";
        boolean reconnecting;
        Source.Kind kind = Source.Kind.FILE;
        boolean started;
    }

    final State state;
    private final String camera;
    private final long epoch;
    private final TrackerParameters parameters;
    /** By number. */
    private final List<Track> tracks;

    /** The tracker of a session that begins. */
    public Tracker(String camera, long epoch, TrackerParameters parameters) {
        this(camera, epoch, parameters, new State(), List.of());
    }

    /** A tracker as it was. */
    Tracker(String camera, long epoch, TrackerParameters parameters, State state, List<Track> tracks) {
        this.camera = camera;
        this.epoch = epoch;
        this.parameters = parameters;
        this.state = state;
        this.tracks = new ArrayList<>(tracks);
    }

    /** The session's epoch. */
    public long epoch() {
        return epoch;
    }

    List<Track> tracks() {
        return tracks;
    }

    /** The tracks and their branches: all that have a template of their own. */
    List<Track> parts() {
        return tracks.stream()
                .flatMap(track -> Stream.of(track, track.head()).distinct())
                .toList();
    }

    /** Whether this was accepted before: records come at least once. */
    public boolean seen(Detections detections) {
        long number = detections.reference().number();
        return detections.content() instanceof Heartbeat heartbeat
                ? number < state.lastNumber && !heartbeat.state().last()
                : number <= state.lastNumber;
    }

    /**
     * Goes on by one record of the session.
     *
     * @param detections not {@link #seen} before
     * @return what became known, in order; {@link SequenceEvent.SessionEnded} after the last closed sequence
     */
    public List<SequenceEvent> accept(Detections detections) {
        FrameReference reference = detections.reference();
        advance(reference.captureTimeMicros());
        List<SequenceEvent> events = new ArrayList<>();
        if (detections.content() instanceof Heartbeat heartbeat) {
            heartbeat(reference, heartbeat, events);
        } else {
            state.reconnecting = false;
            state.lastNumber = reference.number();
            if (detections.content() instanceof Detections.Faces faces) {
                look(reference, faces, events);
            } else {
                closeLost(events);
            }
        }
        return events;
    }

    /** Closes all sequences without ending the session. */
    public List<SequenceEvent> closeAll(CloseReason reason) {
        List<SequenceEvent> events = new ArrayList<>();
        for (Track track : List.copyOf(tracks)) {
            close(track, reason, events);
        }
        return events;
    }

    /** Closes all sequences and the session. */
    public List<SequenceEvent> end(CloseReason reason, boolean complete) {
        List<SequenceEvent> events = closeAll(reason);
        events.add(new SequenceEvent.SessionEnded(camera, epoch, complete, state.lastNumber));
        return events;
    }

    private void heartbeat(FrameReference reference, Heartbeat heartbeat, List<SequenceEvent> events) {
        state.kind = heartbeat.source().kind();
        if (heartbeat.state().last()) {
            state.lastNumber = Math.max(state.lastNumber, reference.number());
            events.addAll(end(CloseReason.SESSION_ENDED, heartbeat.state() == Heartbeat.State.ENDED));
            return;
        }
        state.reconnecting = heartbeat.state() == Heartbeat.State.RECONNECTING;
        closeLost(events);
    }

    private void advance(long captureTime) {
        state.time = state.started ? Math.max(state.time, captureTime) : captureTime;
        if (!state.started) {
            state.frameTime = captureTime;
            state.started = true;
        }
    }

    private void look(FrameReference reference, Detections.Faces faces, List<SequenceEvent> events) {
        measureInterval();
        changeModelPack(faces.modelPack(), events);
        closeLost(events);
        List<Candidate> candidates = Candidate.of(faces, parameters.confidentScore());
        Association association = Association.of(inReach(), candidates, state.time, parameters.contradiction());
        Map<Track, Candidate> present = new LinkedHashMap<>(association.pairs());
        present.forEach((track, candidate) ->
                join(track, reference, candidate, association.unsure().contains(track)));
        association.contradicted().forEach(Track::contradict);
        boolean nobodySurelyStayed = association.unsure().containsAll(present.keySet());
        int unsure = present.size();
        start(reference, candidates, present);
        if (nobodySurelyStayed) {
            Cut.note(tracks, present.keySet(), unsure);
        }
        noteSeenTogether(present);
        for (Track track : List.copyOf(tracks)) {
            settle(track, events);
        }
    }

    private void measureInterval() {
        double interval = state.time - state.frameTime;
        state.frameTime = state.time;
        if (interval > 0) {
            state.interval =
                    state.interval == 0 ? interval : state.interval + INTERVAL_SMOOTHING * (interval - state.interval);
        }
    }

    /** Faces of different model packs can't be compared, so no sequence may hold both. */
    private void changeModelPack(String modelPack, List<SequenceEvent> events) {
        if (!modelPack.equals(state.modelPack)) {
            events.addAll(closeAll(CloseReason.AMBIGUOUS));
            state.modelPack = modelPack;
        }
    }

    /** Those whose next face may be anywhere near; who is away for longer is found by {@link Relink}. */
    private List<Track> inReach() {
        double patience = parameters.patienceMicros(state.interval);
        return tracks.stream()
                .filter(track -> state.time - track.head().state.lastTime <= patience)
                .toList();
    }

    private void join(Track track, FrameReference reference, Candidate candidate, boolean unsure) {
        boolean unproven = unsure && track.state.confirmed && !track.template.isEmpty();
        if (track.branch() == null && (unproven || track.doubts(candidate))) {
            track.join(candidate, Track.start(state.nextTrack++, reference, state.time, candidate));
        } else {
            track.join(reference.number(), state.time, candidate);
        }
        if (unproven) {
            track.head().state.unproven = true;
        }
    }

    private void start(FrameReference reference, List<Candidate> candidates, Map<Track, Candidate> present) {
        Set<Integer> taken = present.values().stream().map(Candidate::index).collect(Collectors.toSet());
        for (Candidate candidate : candidates) {
            if (candidate.confident() && !taken.contains(candidate.index())) {
                Track track = Track.start(state.nextTrack++, reference, state.time, candidate);
                tracks.add(track);
                present.put(track, candidate);
            }
        }
    }

    private static void noteSeenTogether(Map<Track, Candidate> present) {
        present.forEach((track, candidate) -> present.forEach((other, otherCandidate) -> {
            if (track != other
                    && candidate.confident()
                    && otherCandidate.confident()
                    && candidate.box().iou(otherCandidate.box()) < APART_IOU) {
                track.head().seenWith.add(other.head().id);
            }
        }));
    }

    private void settle(Track track, List<SequenceEvent> events) {
        if (track.parted() && !track.undecided(state.time)) {
            Track part = split(track, CloseReason.AMBIGUOUS, events);
            tracks.add(part);
            settle(part, events);
            return;
        }
        if (!track.undecided(state.time)) {
            mend(track);
        }
        Track lost = track.becomesConvincing() ? Relink.find(track, tracks) : null;
        if (lost != null) {
            tracks.remove(track);
            absorb(lost, track);
            return;
        }
        if (track.becomesConvincing() && Relink.mustWait(track, tracks)) {
            track.state.unproven = true;
            return;
        }
        if (track.becomesConvincing() && track.scrap()) {
            return;
        }
        Sequence due = track.due(state.time, parameters, state.modelPack);
        if (due != null) {
            events.add(due);
        }
        if (full(track)) {
            close(track, CloseReason.FULL, events);
        }
    }

    /** Ends a track before the part that is somebody else. */
    private Track split(Track track, CloseReason reason, List<SequenceEvent> events) {
        Track part = Objects.requireNonNull(track.takeBranch());
        finish(track, reason, events);
        return part;
    }

    /** The part in doubt is the same person after all. */
    private void mend(Track track) {
        Track part = track.takeBranch();
        if (part != null) {
            absorb(track, part);
        }
    }

    /** From here on two tracks are one; what was seen together with the later was seen with the earlier. */
    private void absorb(Track track, Track later) {
        track.absorb(later);
        for (Track other : tracks) {
            rename(other, later.id, track.id);
            rename(other.head(), later.id, track.id);
        }
    }

    private static void rename(Track track, UUID from, UUID to) {
        if (track.seenWith.remove(from)) {
            track.seenWith.add(to);
        }
    }

    private boolean full(Track track) {
        return track.state.faceCount >= parameters.mostFaces()
                || state.time - track.state.firstTime >= parameters.longest().toNanos() / 1_000;
    }

    private void closeLost(List<SequenceEvent> events) {
        double patience = parameters.patienceMicros(state.interval);
        double tentative = Math.min(patience, Math.max(TENTATIVE_MICROS, 1.5 * state.interval));
        double unknown = parameters.relinkMicros(state.interval);
        CloseReason reason = state.reconnecting ? CloseReason.CAMERA_LOST : CloseReason.LEFT_VIEW;
        for (Track track : List.copyOf(tracks)) {
            double known = track.template.isEmpty() ? unknown : patience;
            if (state.time - track.head().state.lastTime > (track.convincing() ? known : tentative)) {
                close(track, track.displaced() ? CloseReason.AMBIGUOUS : reason, events);
            }
        }
    }

    /** Closes a track and what is in doubt of it. Two sequences, unless both parts are known to be the same person. */
    private void close(Track track, CloseReason reason, List<SequenceEvent> events) {
        if (track.branch() != null && (reason == CloseReason.AMBIGUOUS || track.parted())) {
            finish(split(track, CloseReason.AMBIGUOUS, events), reason, events);
        } else {
            mend(track);
            finish(track, reason, events);
        }
    }

    /** A track that was never convincing ends without a word, and so does a scrap: its faces stay detections. */
    private void finish(Track track, CloseReason reason, List<SequenceEvent> events) {
        tracks.remove(track);
        if (track.becomesConvincing() && !track.scrap()) {
            events.add(Objects.requireNonNull(track.due(state.time, parameters, state.modelPack)));
        }
        if (track.state.confirmed) {
            events.add(track.close(state.time, reason, state.modelPack));
        } else {
            forget(track.id);
        }
    }

    /** What never became a sequence was seen with nobody: a hall's false alarms would grow into a state too large. */
    private void forget(UUID id) {
        for (Track other : tracks) {
            other.seenWith.remove(id);
            other.head().seenWith.remove(id);
        }
    }
}
