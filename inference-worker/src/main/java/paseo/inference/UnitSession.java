package paseo.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import paseo.events.AccessUnit;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Dropped.Reason;
import paseo.events.Heartbeat;

/**
 * The access units of one session of a camera or file, turned into pictures in the order in which they are shown. Every
 * unit that is to be looked at comes out exactly once, as a picture or with the reason why there is none; heartbeats
 * come out behind the pictures that they follow. Where a file is taken up again, which goes back to a key picture, what
 * has not come out does so when it comes again.
 *
 * <p>Decoding begins at a key picture, and again at the next one where a unit is missing. For one thread.
 *
 * @param <P> a picture
 */
final class UnitSession<P> implements AutoCloseable {
    private static final Dropped KILLED = new Dropped(Reason.UNREADABLE, "ended the process twice");
    private static final Dropped INSIDE = new Dropped(Reason.UNREADABLE, "in the decoder when the process ended twice");
    private static final Dropped DAMAGED = new Dropped(Reason.UNREADABLE, "a damaged access unit");

    /** No codec holds back more than 16 pictures. */
    private static final int MOST_INSIDE = 64;

    /**
     * What comes out.
     *
     * @param entry the record that it is of
     * @param picture to be looked at; belongs to whoever gets it
     * @param content where there is no picture
     */
    record Step<P>(FrameBatch.Entry entry, @Nullable P picture, Detections.@Nullable Content content) {}

    private final Function<AccessUnit, UnitDecoder<P>> decoders;
    private final Consumer<P> release;
    private final TreeMap<Long, FrameBatch.Entry> pending = new TreeMap<>();
    private final Deque<FrameBatch.Entry> heartbeats = new ArrayDeque<>();
    private @Nullable UnitDecoder<P> decoder;
    private long expected;
    private OptionalLong from = OptionalLong.empty();
    /** Offsets of the key pictures since then that have not come out, by number. */
    private final TreeMap<Long, Long> keys = new TreeMap<>();

    /**
     * @param decoders for the stream of a key picture; may throw {@link UnreadablePictureException}
     * @param release takes a picture that nobody is to look at
     */
    UnitSession(Function<AccessUnit, UnitDecoder<P>> decoders, Consumer<P> release) {
        this.decoders = decoders;
        this.release = release;
    }

    /** The offset from which everything that has not come out can be decoded again; empty where that is nothing. */
    OptionalLong from() {
        return from;
    }

    /** Goes on by an access unit. */
    List<Step<P>> unit(FrameBatch.Entry entry, AccessUnit unit) {
        List<Step<P>> steps = new ArrayList<>();
        if (entry.condemned()) {
            abandon(steps);
            drop(entry, unit, KILLED, steps);
            return steps;
        }
        boolean follows = decoder != null && unit.position() == expected;
        if (!follows) {
            if (decoder != null && unit.position() < expected) {
                forget();
            }
            stop(steps);
            if (!unit.key()) {
                drop(entry, unit, new Dropped(Reason.NO_KEY_PICTURE, ""), steps);
                return steps;
            }
            try {
                decoder = decoders.apply(unit);
            } catch (UnreadablePictureException e) {
                drop(entry, unit, new Dropped(Reason.UNREADABLE, e.reason()), steps);
                return steps;
            }
        }
        expected = unit.position() + 1;
        long number = number(entry);
        if (unit.key()) {
            begins(number, entry.record().offset());
        }
        if (!unit.support()) {
            pending.put(number, entry);
        }
        show(Objects.requireNonNull(decoder).decode(unit, number), steps);
        if (pending.size() > MOST_INSIDE) {
            // A stream that cannot be decoded would be kept until its end.
            lose(pending.firstKey() + 1, steps);
            beat(steps);
        }
        return steps;
    }

    /** Goes on by a heartbeat; the last of a session is the end of it. */
    List<Step<P>> heartbeat(FrameBatch.Entry entry, Heartbeat heartbeat) {
        List<Step<P>> steps = new ArrayList<>();
        if (entry.condemned()) {
            abandon(steps);
        } else if (heartbeat.state().last()) {
            stop(steps);
        }
        heartbeats.add(entry);
        beat(steps);
        return steps;
    }

    /** Gives out what is left: nothing more comes. */
    List<Step<P>> end() {
        List<Step<P>> steps = new ArrayList<>();
        stop(steps);
        return steps;
    }

    /** Gives up what is left: a picture that is inside may be what ended the process when it was looked at. */
    List<Step<P>> abandon() {
        List<Step<P>> steps = new ArrayList<>();
        abandon(steps);
        return steps;
    }

    private void begins(long number, long offset) {
        if (from.isEmpty()) {
            from = OptionalLong.of(offset);
        } else {
            keys.put(number, offset);
        }
    }

    private void show(List<UnitDecoder.Shown<P>> shown, List<Step<P>> steps) {
        for (UnitDecoder.Shown<P> next : shown) {
            // What should have been shown before and was not never will be.
            lose(next.number(), steps);
            FrameBatch.Entry entry = pending.remove(next.number());
            if (entry == null) {
                release.accept(next.picture());
            } else {
                steps.add(new Step<>(entry, next.picture(), null));
            }
            beginAt(next.number());
        }
        beat(steps);
    }

    /** Pictures that come behind a key picture and are shown before it may need those before it to be decoded. */
    private void beginAt(long shown) {
        Map.Entry<Long, Long> key = keys.floorEntry(shown);
        if (key != null) {
            from = OptionalLong.of(key.getValue());
            keys.headMap(shown, true).clear();
        }
    }

    private void lose(long before, List<Step<P>> steps) {
        lose(pending.headMap(before), DAMAGED, steps);
    }

    private static <P> void lose(Map<Long, FrameBatch.Entry> lost, Dropped reason, List<Step<P>> steps) {
        lost.values().forEach(entry -> steps.add(new Step<>(entry, null, reason)));
        lost.clear();
    }

    private void beat(List<Step<P>> steps) {
        while (!heartbeats.isEmpty() && (pending.isEmpty() || pending.firstKey() > number(heartbeats.element()))) {
            FrameBatch.Entry entry = heartbeats.remove();
            steps.add(new Step<>(entry, null, (Heartbeat)
                    Objects.requireNonNull(entry.frame()).content()));
        }
    }

    /** Everything comes out, and decoding begins with the next key picture. */
    private void stop(List<Step<P>> steps) {
        UnitDecoder<P> ended = decoder;
        decoder = null;
        if (ended != null) {
            try (ended) {
                show(ended.drain(), steps);
            }
        }
        lose(Long.MAX_VALUE, steps);
        beginAnew(steps);
    }

    /**
     * Whoever takes a file up again sends all that has not come out: from a key picture on, and with the pictures that
     * are shown before what is inside. If that came out first, those would come too late.
     */
    private void forget() {
        close();
        pending.clear();
        heartbeats.clear();
    }

    private void abandon(List<Step<P>> steps) {
        close();
        lose(pending, INSIDE, steps);
        beginAnew(steps);
    }

    private void beginAnew(List<Step<P>> steps) {
        beat(steps);
        from = OptionalLong.empty();
        keys.clear();
    }

    private static <P> void drop(FrameBatch.Entry entry, AccessUnit unit, Dropped reason, List<Step<P>> steps) {
        if (!unit.support()) {
            steps.add(new Step<>(entry, null, reason));
        }
    }

    private static long number(FrameBatch.Entry entry) {
        return Objects.requireNonNull(entry.frame()).reference().number();
    }

    @Override
    public void close() {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
