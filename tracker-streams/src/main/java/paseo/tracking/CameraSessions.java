package paseo.tracking;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.events.Detections;
import paseo.events.Heartbeat;
import paseo.events.Sequence.CloseReason;
import paseo.events.SequenceEvent;
import paseo.events.Source;

/**
 * The sessions of one camera, one after the other: which record goes to which, and which was here before.
 *
 * <ul>
 *   <li>A record of a new epoch closes the session before it as {@link CloseReason#CAMERA_LOST}.
 *   <li>A session that has ended is remembered, so that late duplicates don't open it again.
 *   <li>A file that broke off may go on after the last frame seen, with new tracks. A camera's sessions never go back:
 *       what comes from an earlier epoch is late, unless the camera has fallen silent or its clock was set back.
 * </ul>
 *
 * <p>Plain Java, a function of its input. Not thread-safe.
 */
final class CameraSessions {
    private static final int MOST_REMEMBERED = 16;

    /** A file's times count from its beginning: a year is longer than any. */
    private static final long LONGEST_FILE_MICROS = 366L * 24 * 3_600 * 1_000_000;

    /** Clocks of producer and broker differ by less than this, unless the broker's was set back. */
    private static final long FUTURE_MICROS = 5_000_000;

    /** A camera that sends has said something within this time, by the broker's clock. */
    private static final long SILENCE_MICROS = 30_000_000;

    /**
     * A session that is over.
     *
     * @param epoch of the session
     * @param complete whether everything was sent
     * @param kind file or camera
     * @param lastNumber number of the last frame seen
     * @param nextTrack number of the track that would come next
     * @param timeMicros latest capture time; 0 where an earlier build has written it
     */
    record Ended(long epoch, boolean complete, Source.Kind kind, long lastNumber, long nextTrack, long timeMicros) {}

    /** What became of a record. */
    sealed interface Outcome {
        /**
         * It was new.
         *
         * @param events what became known by it
         */
        record Accepted(List<SequenceEvent> events) implements Outcome {}

        /** It had been here before, or came too late. */
        record Duplicate() implements Outcome {}

        /** Its time lies in the future or before all time; it would stop the camera's clock. */
        record Refused() implements Outcome {}
    }

    private final String camera;
    private final TrackerParameters parameters;
    private final Deque<Ended> ended;
    private @Nullable Tracker current;
    /** The most that the clock of the current session, or else of the last one, was seen ahead of the broker's. */
    private long leadMicros;

    CameraSessions(String camera, TrackerParameters parameters) {
        this(camera, parameters, null, List.of(), 0);
    }

    /** Sessions as they were. */
    CameraSessions(
            String camera,
            TrackerParameters parameters,
            @Nullable Tracker current,
            List<Ended> ended,
            long leadMicros) {
        this.camera = camera;
        this.parameters = parameters;
        this.current = current;
        this.ended = new ArrayDeque<>(ended);
        this.leadMicros = leadMicros;
    }

    Optional<Tracker> current() {
        return Optional.ofNullable(current);
    }

    /** Oldest first. */
    List<Ended> ended() {
        return List.copyOf(ended);
    }

    long leadMicros() {
        return leadMicros;
    }

    /** Whether a live camera's tracks wait for records that may never come. */
    boolean waiting() {
        return current != null
                && current.state.kind == Source.Kind.CAMERA
                && !current.tracks().isEmpty();
    }

    /** Closes the sequences in view of a camera that fell silent; its session may go on. */
    List<SequenceEvent> silent() {
        return current == null ? List.of() : current.closeAll(CloseReason.CAMERA_LOST);
    }

    /**
     * Goes on by one record.
     *
     * @param detections of this camera
     * @param arrivalMicros when the broker got it, since 1970
     */
    Outcome accept(Detections detections, long arrivalMicros) {
        if (timeIsImpossible(detections, arrivalMicros)) {
            return new Outcome.Refused();
        }
        List<SequenceEvent> events = new ArrayList<>();
        long epoch = detections.reference().epoch();
        Tracker tracker = current;
        if (tracker == null || tracker.epoch() != epoch) {
            Tracker next = open(detections, arrivalMicros);
            if (next == null) {
                return new Outcome.Duplicate();
            }
            endCurrent(CloseReason.CAMERA_LOST, events);
            current = next;
            tracker = next;
            leadMicros = 0;
        }
        if (tracker.seen(detections)) {
            return new Outcome.Duplicate();
        }
        events.addAll(tracker.accept(detections));
        leadMicros = Math.max(leadMicros, detections.reference().captureTimeMicros() - arrivalMicros);
        if (detections.content() instanceof Heartbeat heartbeat
                && heartbeat.state().last()) {
            remember(tracker, heartbeat.state() == Heartbeat.State.ENDED);
        }
        return new Outcome.Accepted(events);
    }

    /** The tracker of a record whose session isn't the current one; null when the session is over. */
    private @Nullable Tracker open(Detections detections, long arrivalMicros) {
        long epoch = detections.reference().epoch();
        Ended before = ended.stream()
                .filter(session -> session.epoch() == epoch)
                .findFirst()
                .orElse(null);
        if (before == null) {
            return lateForCamera(epoch, arrivalMicros) ? null : new Tracker(camera, epoch, parameters);
        }
        return continues(before, detections) ? reopen(before) : null;
    }

    /**
     * A camera's epochs are its start times, so an earlier one is what is left of a producer that was replaced, as long
     * as the later session sends. Where that one's time is far from the broker's, it is silent, or the clock was set
     * back and the earlier epoch is the newer one. Whether the past ones were a camera's is known from their
     * heartbeats.
     */
    private boolean lateForCamera(long epoch, long arrivalMicros) {
        boolean behindCurrent = current != null
                && isLater(current.epoch(), current.state.kind, current.state.time, epoch, arrivalMicros);
        return behindCurrent
                || ended.stream()
                        .anyMatch(session ->
                                isLater(session.epoch(), session.kind(), session.timeMicros(), epoch, arrivalMicros));
    }

    private static boolean isLater(
            long sessionEpoch, Source.Kind kind, long timeMicros, long epoch, long arrivalMicros) {
        return kind == Source.Kind.CAMERA
                && epoch < sessionEpoch
                && Math.abs(arrivalMicros - timeMicros) < SILENCE_MICROS;
    }

    private static boolean continues(Ended before, Detections detections) {
        if (before.complete() || before.kind() == Source.Kind.CAMERA) {
            return false;
        }
        return detections.content() instanceof Heartbeat heartbeat
                ? heartbeat.state() == Heartbeat.State.ENDED
                : detections.reference().number() > before.lastNumber();
    }

    private Tracker reopen(Ended before) {
        ended.remove(before);
        Tracker.State state = new Tracker.State();
        state.lastNumber = before.lastNumber();
        state.nextTrack = before.nextTrack();
        state.kind = before.kind();
        return new Tracker(camera, before.epoch(), parameters, state, List.of());
    }

    private void endCurrent(CloseReason reason, List<SequenceEvent> events) {
        if (current != null) {
            events.addAll(current.end(reason, false));
            remember(current, false);
        }
    }

    private void remember(Tracker tracker, boolean complete) {
        Tracker.State state = tracker.state;
        ended.addLast(new Ended(tracker.epoch(), complete, state.kind, state.lastNumber, state.nextTrack, state.time));
        if (ended.size() > MOST_REMEMBERED) {
            ended.removeFirst();
        }
        current = null;
    }

    /**
     * A file's time starts at 0, so only a camera's clock can be compared with the broker's. What goes on from the
     * camera's last record is no leap: the broker's clock was set back. From then on the camera's clock is ahead by as
     * much, however long nothing comes. The most counts, because a record that was held up shows less. Whether a record
     * is a camera's is known from the session's first heartbeat on.
     */
    private boolean timeIsImpossible(Detections detections, long arrivalMicros) {
        long time = detections.reference().captureTimeMicros();
        boolean live = detections.content() instanceof Heartbeat heartbeat
                ? heartbeat.source().kind() == Source.Kind.CAMERA
                : current != null && current.state.kind == Source.Kind.CAMERA;
        long latest = Math.max(arrivalMicros + leadMicros, lastMicros()) + FUTURE_MICROS;
        return time < 0 || time >= (live ? latest : Math.max(latest, LONGEST_FILE_MICROS));
    }

    private long lastMicros() {
        if (current != null) {
            return current.state.time;
        }
        return ended.isEmpty() ? 0 : ended.getLast().timeMicros();
    }
}
