package paseo.operations;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether a consumer takes part in its group, from what Kafka's client measures of itself. A member without a partition
 * is ready too: it stands by for one that dies.
 */
public final class GroupMembership implements Supplier<Optional<String>> {
    private static final String HEARTBEAT = "last-heartbeat-seconds-ago";
    /** Longer than three heartbeats at the defaults of every group protocol. */
    private static final double SILENCE_SECONDS = 15;

    private final Supplier<? extends Map<MetricName, ? extends Metric>> metrics;

    /** @param metrics of the consumer, {@code consumer::metrics} */
    public GroupMembership(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
        this.metrics = metrics;
    }

    @Override
    public Optional<String> get() {
        double ago = metrics.get().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(HEARTBEAT))
                .map(entry -> entry.getValue().metricValue())
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .min()
                .orElse(-1);
        if (ago < 0) {
            return Optional.of("has not joined its consumer group yet");
        }
        return ago > SILENCE_SECONDS
                ? Optional.of("Kafka has not answered for " + Math.round(ago) + " s")
                : Optional.empty();
    }
}
