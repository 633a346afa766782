package paseo.tracking;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.LogAndSkipOnInvalidTimestamp;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import paseo.events.Topics;
import paseo.operations.Health;

/**
 * The whole flow:
 *
 * <pre>
 *   topic detections ──► read-detections ──► track ──► write-sequences ──► topic sequences
 *                                              │
 *                                        store sessions
 * </pre>
 *
 * <p>One task per partition; a camera is on one partition, so its records come in order and its state lies in one
 * place.
 */
final class TrackerTopology {
    /** What a restart needs, see {@code tracker_state.proto}. */
    static final String STORE = "sessions";

    /**
     * Faces of ended tracks are deleted from the state; within this time Kafka begins a new file of its topic, and
     * within this time again it deletes them from the one before.
     */
    private static final String KEPT_MILLIS = Long.toString(Duration.ofHours(1).toMillis());

    /**
     * A crowd's session outgrows the MiB that Kafka takes by default, and a tracker whose state is refused fails again.
     */
    private static final String LARGEST = Integer.toString(Topics.SEQUENCES.maxMessageBytes());

    private static final String SOURCE = "read-detections";
    private static final String TRACK = "track";
    private static final String SINK = "write-sequences";

    private TrackerTopology() {}

    static Topology build(TrackerParameters parameters, MeterRegistry meters, Health health) {
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCE,
                        new LogAndSkipOnInvalidTimestamp(),
                        Serdes.String().deserializer(),
                        Topics.DETECTIONS.codec().deserializer(),
                        Topics.DETECTIONS.name())
                .addProcessor(TRACK, () -> new TrackerProcessor(parameters, meters, health), SOURCE)
                .addStateStore(sessions(), TRACK)
                .addSink(
                        SINK,
                        Topics.SEQUENCES.name(),
                        Serdes.String().serializer(),
                        new Routed.EventSerializer(),
                        Routed.partitioner(),
                        TRACK);
    }

    /** Cached: of the ten or more states of a camera between two commits only the last one is written. */
    private static StoreBuilder<KeyValueStore<String, byte[]>> sessions() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of(
                        TopicConfig.SEGMENT_MS_CONFIG,
                        KEPT_MILLIS,
                        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                        KEPT_MILLIS,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        LARGEST));
    }
}
