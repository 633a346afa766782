package paseo.frames;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * For how long a consumer has heard nothing of its group. Kafka's client says when it last asked, in the machine's
 * time, which may be set: here it is how long the number of answers has stayed as it was, by a monotonic clock.
 *
 * <p>Where the machine's clock was set back the client asks nothing until it has caught up, though nothing is wrong
 * with Kafka: only what is silent by both counts then.
 *
 * <p>A function of its input. Not thread-safe.
 */
final class GroupSilence {
    private static final String ANSWERS = "heartbeat-total";
    private static final String AGO = "last-heartbeat-seconds-ago";

    private double answers;
    private long looked;
    private long heard;
    private boolean setBack;

    GroupSilence(long nowNanos) {
        looked = nowNanos;
        heard = nowNanos;
    }

    /**
     * Seconds without an answer, 0 before the first.
     *
     * @param metrics of the consumer
     */
    double seconds(Map<MetricName, ? extends Metric> metrics, long nowNanos) {
        return seconds(value(metrics, ANSWERS), value(metrics, AGO), nowNanos);
    }

    /**
     * The same.
     *
     * @param total answers so far
     * @param ago seconds since it was last asked, in the machine's time; below 0 where that was set back
     */
    double seconds(double total, double ago, long nowNanos) {
        double asked = Math.max(0, ago);
        if (total != answers) {
            answers = total;
            // It came since the last look, which may be long ago where a camera that was given up was stuck.
            heard = nowNanos - Math.min((long) (asked * 1e9), nowNanos - looked);
            setBack = false;
        }
        looked = nowNanos;
        setBack |= ago < 0;
        if (answers == 0) {
            return 0;
        }
        double silent = (nowNanos - heard) / 1e9;
        return setBack ? Math.min(asked, silent) : silent;
    }

    /** Answers so far, as of the last look; a refusal is one, too. */
    double answers() {
        return answers;
    }

    private static double value(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .mapToDouble(
                        metric -> metric.getValue().metricValue() instanceof Number number ? number.doubleValue() : 0)
                .max()
                .orElse(0);
    }
}
