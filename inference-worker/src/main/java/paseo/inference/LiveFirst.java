package paseo.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Has files wait while pictures of live cameras grow old: files have time, and get a turn every second all the same. A
 * function of its input.
 */
final class LiveFirst {
    /** A live picture that has less than this left has waited. */
    private static final long HURRY_MICROS = 1_600_000;

    private static final long TURN_MICROS = 1_000_000;

    /** So long after a camera's picture a partition is one of cameras, whatever else is on it. */
    private static final long CAMERA_MICROS = 5_000_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Map<TopicPartition, Long> lastLive = new HashMap<>();
    private long lastTurn = NEVER;
    private boolean hurry;

    /**
     * A picture comes, or is about to be looked at.
     *
     * @param ofCamera whether it is live
     * @param leftMicros until a live one is stale; {@link Long#MAX_VALUE} where it need not be looked at
     * @param nowMicros of a clock that only goes forward
     */
    void sees(TopicPartition partition, boolean ofCamera, long leftMicros, long nowMicros) {
        if (ofCamera) {
            lastLive.put(partition, nowMicros);
        } else {
            lastLive.putIfAbsent(partition, NEVER);
        }
        hurry |= ofCamera && leftMicros < HURRY_MICROS;
    }

    /**
     * The partitions of files that have to wait until this is asked again; to be asked often, also when nothing came.
     *
     * @param nowMicros of a clock that only goes forward
     */
    Set<TopicPartition> waiting(long nowMicros) {
        boolean turn = !hurry || nowMicros - lastTurn >= TURN_MICROS;
        hurry = false;
        if (turn) {
            lastTurn = nowMicros;
            return Set.of();
        }
        return lastLive.entrySet().stream()
                .filter(partition -> nowMicros - partition.getValue() > CAMERA_MICROS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
