package paseo.frames;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How old the pictures are that wait for the inference workers, from what was sent and how far the workers have got. A
 * function of its input. Thread-safe.
 */
final class WorkerLag {
    private record Sent(long offset, long captureMicros) {}

    private final Map<Integer, Deque<Sent>> waiting = new HashMap<>();

    /** A picture is stored. */
    synchronized void stored(int partition, long offset, long captureMicros) {
        waiting.computeIfAbsent(partition, first -> new ArrayDeque<>()).addLast(new Sent(offset, captureMicros));
    }

    /** Everything before that offset has been taken. */
    synchronized void taken(int partition, long offset) {
        Deque<Sent> sent = waiting.get(partition);
        while (sent != null && !sent.isEmpty() && sent.getFirst().offset() < offset) {
            sent.removeFirst();
        }
    }

    /** Age of the oldest picture that waits on a partition, 0 when none does. */
    synchronized long ageMicros(int partition, long nowMicros) {
        Deque<Sent> sent = waiting.get(partition);
        return sent == null || sent.isEmpty()
                ? 0
                : Math.max(0, nowMicros - sent.getFirst().captureMicros());
    }

    /** Those that pictures were sent to. */
    synchronized Set<Integer> partitions() {
        return Set.copyOf(waiting.keySet());
    }

    /** Of all partitions. */
    long ageMicros(long nowMicros) {
        return ageMicros(nowMicros, partition -> true);
    }

    /** Of some partitions. */
    synchronized long ageMicros(long nowMicros, Predicate<Integer> which) {
        return waiting.keySet().stream()
                .filter(which)
                .mapToLong(partition -> ageMicros(partition, nowMicros))
                .max()
                .orElse(0);
    }
}
