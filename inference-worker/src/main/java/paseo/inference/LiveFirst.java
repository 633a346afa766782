package paseo.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import paseo.events.Image;

/**
 * Has files wait while pictures of live cameras grow old: files have time, and get a turn every second all the same. A
 * function of its input.
 */
final class LiveFirst {
    /** A live picture that has less than this left has waited. */
    private static final long HURRY_MICROS = 1_600_000;

    private static final long TURN_MICROS = 1_000_000;

    private final Map<TopicPartition, Boolean> live = new HashMap<>();
    private long lastTurn = Long.MIN_VALUE / 2;
    private boolean hurry;

    /** A picture is about to be looked at. */
    void sees(TopicPartition partition, Image image, long nowMicros) {
        live.put(partition, image.live());
        hurry |= image.live() && image.staleAfterMicros() - nowMicros < HURRY_MICROS;
    }

    /** The partitions of files that have to wait until this is asked again; to be asked after each batch. */
    Set<TopicPartition> waiting(long nowMicros) {
        boolean turn = !hurry || nowMicros - lastTurn >= TURN_MICROS;
        hurry = false;
        if (turn) {
            lastTurn = nowMicros;
            return Set.of();
        }
        return live.entrySet().stream()
                .filter(partition -> !partition.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
