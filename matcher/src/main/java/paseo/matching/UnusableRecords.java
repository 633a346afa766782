package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.events.DeadLetter.Reason;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.DeadLetterBox;
import paseo.operations.KafkaConnection;

/** Counts, logs and sets aside records of a topic that are not of the contract or cannot be stored. */
final class UnusableRecords implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UnusableRecords.class);

    private final Topic<?> topic;
    private final MeterRegistry meters;
    private final DeadLetterBox letters;

    UnusableRecords(Topic<?> topic, KafkaConnection kafka, MeterRegistry meters) {
        this.topic = topic;
        this.meters = meters;
        this.letters = new DeadLetterBox(kafka, Topics.deadLettersOf(topic).maxMessageBytes());
        // From the start, so that the first one is seen as a change.
        for (Reason reason : Reason.values()) {
            count(reason);
        }
    }

    private Counter count(Reason reason) {
        return Counter.builder("paseo.dead.letters")
                .description("Records set aside, by reason")
                .tags("topic", topic.name(), "reason", reason.tag())
                .register(meters);
    }

    /**
     * Stores a copy; the record may count as consumed afterwards.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if Kafka does not take it now
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses it
     */
    void setAside(ConsumerRecord<byte[], byte[]> record, Reason reason, Exception cause) {
        String detail = String.valueOf(cause.getMessage());
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        letters.put(new DeadLetter(
                        "paseo-matcher",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        reason,
                        detail,
                        ByteBuffer.wrap(value))
                .toRecord(topic, record.key()));
        count(reason).increment();
        log.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason.tag())
                .log(
                        "set {}-{} offset {} aside as {}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        reason.tag(),
                        detail);
    }

    @Override
    public void close() {
        letters.close();
    }
}
