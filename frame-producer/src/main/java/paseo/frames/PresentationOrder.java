package paseo.frames;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts packets, which come in the order of decoding, by the order in which their pictures are shown, as a decoder
 * would hand them out. A packet waits until no later one can be shown before it: packets are never shown before they
 * are decoded, and decoding times only grow.
 *
 * @param <T> a packet
 */
final class PresentationOrder<T> {
    /** No codec shows a picture behind more than so many that are decoded later. */
    private static final int MOST_REORDERED = 16;
    /** When so many wait, it is for one whose time stamp is absurd. */
    private static final int MOST_WAITING = 64;

    /**
     * What a time stamp stands for.
     *
     * @param micros capture time
     * @param taken whether the picture is of interest
     */
    record Moment(long micros, boolean taken) {}

    /**
     * A packet with its place.
     *
     * @param number from 0 in the order of showing; -1 of one that is not shown
     * @param moment when it is shown; of one that is not shown, when the last one was, and not of interest
     * @param settled the highest number up to which all packets have been handed out with this one, -1 for none
     * @param settledMicros its capture time
     */
    record Placed<T>(T packet, long number, Moment moment, long settled, long settledMicros) {}

    private static final class Waiting<T> {
        private final T packet;
        private final long shownAt;
        private long number = -1;
        private @Nullable Moment moment;

        Waiting(T packet, long shownAt) {
            this.packet = packet;
            this.shownAt = shownAt;
        }
    }

    private final LongFunction<Moment> moments;
    private final Deque<Waiting<T>> decoding = new ArrayDeque<>();
    private final PriorityQueue<Waiting<T>> showing =
            new PriorityQueue<>(Comparator.comparingLong((Waiting<T> waiting) -> waiting.shownAt));
    private final Deque<Waiting<T>> unsettled = new ArrayDeque<>();
    private long next;
    private long lastDecoding = Long.MIN_VALUE;
    private long settled = -1;
    private long settledMicros;

    /** @param moments of a time stamp; asked in the order of showing */
    PresentationOrder(LongFunction<Moment> moments) {
        this.moments = moments;
    }

    /**
     * Takes a packet.
     *
     * @param shownAt its presentation time stamp
     * @param decodedAt its decoding time stamp
     * @param shown whether its picture is shown at all
     * @return what is placed now, in the order of decoding
     */
    List<Placed<T>> add(T packet, long shownAt, long decodedAt, boolean shown) {
        List<Placed<T>> placed = new ArrayList<>();
        if (decodedAt < lastDecoding) {
            // Time begins anew, as in joined recordings.
            placed.addAll(end());
        }
        lastDecoding = decodedAt;
        Waiting<T> waiting = new Waiting<>(packet, shownAt);
        decoding.add(waiting);
        if (shown) {
            showing.add(waiting);
        } else {
            waiting.moment = new Moment(settledMicros, false);
        }
        place(decodedAt);
        giveUpWaiting();
        placed.addAll(handOut());
        return placed;
    }

    /** Places what is left, in the order of decoding. */
    List<Placed<T>> end() {
        place(Long.MAX_VALUE);
        return handOut();
    }

    private void place(long until) {
        while (!showing.isEmpty() && showing.element().shownAt <= until) {
            number(showing.remove());
        }
    }

    /** Time stamps may be missing or damaged, and what waits is in memory. */
    private void giveUpWaiting() {
        while (showing.size() > MOST_REORDERED) {
            number(showing.remove());
        }
        Waiting<T> first = decoding.element();
        if (decoding.size() > MOST_WAITING && showing.remove(first)) {
            number(first);
        }
    }

    private void number(Waiting<T> waiting) {
        waiting.number = next++;
        waiting.moment = moments.apply(waiting.shownAt);
        unsettled.add(waiting);
    }

    private List<Placed<T>> handOut() {
        List<Placed<T>> placed = new ArrayList<>();
        while (!decoding.isEmpty()) {
            Waiting<T> first = decoding.element();
            Moment moment = first.moment;
            if (moment == null) {
                return placed;
            }
            decoding.remove();
            while (!unsettled.isEmpty() && !decoding.contains(unsettled.element())) {
                Waiting<T> out = unsettled.remove();
                settled = out.number;
                settledMicros = Objects.requireNonNull(out.moment).micros();
            }
            placed.add(new Placed<>(first.packet, first.number, moment, settled, settledMicros));
        }
        return placed;
    }
}
