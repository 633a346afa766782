package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.events.DeadLetter.Reason;
import paseo.events.Topics;
import paseo.operations.DeadLetterBox;
import paseo.operations.KafkaConnection;

/** Counts, logs and sets aside records of {@code frames} that no worker can use. */
final class UnusableFrames implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UnusableFrames.class);

    private final WorkerMetrics metrics;
    private final DeadLetterBox letters;
    private final Set<Reason> warned = EnumSet.noneOf(Reason.class);

    UnusableFrames(KafkaConnection kafka, WorkerMetrics metrics) {
        this.metrics = metrics;
        this.letters =
                new DeadLetterBox(kafka, Topics.deadLettersOf(Topics.FRAMES).maxMessageBytes());
    }

    /**
     * Stores a copy; the record may count as consumed afterwards.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not take it
     */
    void setAside(ConsumerRecord<String, byte[]> record, Reason reason, String detail) {
        metrics.setAside(reason);
        if (warned.add(reason)) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", reason.tag())
                    .log(
                            "sets {}-{}@{} aside as {}, further ones are only counted: {}",
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            reason.tag(),
                            detail);
        }
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        String key = record.key();
        letters.put(new DeadLetter(
                        "paseo-inference-worker",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        reason,
                        detail,
                        ByteBuffer.wrap(value))
                .toRecord(Topics.FRAMES, key == null ? null : key.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        letters.close();
    }
}
