package paseo.tracking;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;
import paseo.events.SequenceEvent;
import paseo.events.Topics;

/**
 * An event on its way to the partition with the number of the one its detections came from. A partitioner sees only key
 * and value, so the number travels with the value as far as the sink.
 *
 * @param partition number in the topic {@code sequences}
 * @param event what is written
 */
record Routed(int partition, SequenceEvent event) {

    static StreamPartitioner<String, Routed> partitioner() {
        return (topic, camera, routed, partitions) -> Optional.of(Set.of(routed.partition()));
    }

    /** Writes the event alone. */
    static final class EventSerializer implements Serializer<Routed> {
        @Override
        public byte @Nullable [] serialize(String topic, @Nullable Routed routed) {
            return Topics.SEQUENCES.codec().serialize(topic, routed == null ? null : routed.event());
        }

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable Routed routed) {
            return Topics.SEQUENCES.codec().serialize(topic, headers, routed == null ? null : routed.event());
        }
    }
}
