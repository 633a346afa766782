package paseo.events;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of the contract: its name, what travels on it, and the settings that it must have.
 *
 * @param name in Kafka
 * @param codec of its records
 * @param compacted whether the latest record of each key is kept for ever
 * @param retention how long a record is kept; of a compacted topic, how long one can still see that a key is gone
 * @param longestSegment after what time a file of the log is closed; only closed ones are deleted or compacted
 * @param retentionBytesPerPartition how much is kept at most per partition, -1 for no bound
 * @param maxMessageBytes largest record
 */
public record Topic<T>(
        String name,
        EventCodec<T> codec,
        boolean compacted,
        Duration retention,
        Duration longestSegment,
        long retentionBytesPerPartition,
        int maxMessageBytes) {

    private static final int SEGMENT_BYTES = 64 << 20;

    /** Whose records go after a while. */
    Topic(
            String name,
            EventCodec<T> codec,
            Duration retention,
            Duration longestSegment,
            long retentionBytesPerPartition,
            int maxMessageBytes) {
        this(name, codec, false, retention, longestSegment, retentionBytesPerPartition, maxMessageBytes);
    }

    /** The settings in Kafka's names. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(
                compacted ? TopicConfig.DELETE_RETENTION_MS_CONFIG : TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()));
        settings.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(retentionBytesPerPartition));
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        // Only whole closed segments are ever deleted: small and young ones make the retention true.
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES));
        settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(longestSegment.toMillis()));
        // A file's first frame may carry any time stamp; retention must go by when the broker got it.
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        return settings;
    }

    /** Whether a setting that a topic has is the wanted one, or as good: it may close its files sooner. */
    static boolean fits(String name, String wanted, String found) {
        return wanted.equals(found)
                || (name.equals(TopicConfig.SEGMENT_MS_CONFIG)
                        && found.matches("[1-9]\\d{0,17}")
                        && Long.parseLong(found) <= Long.parseLong(wanted));
    }
}
