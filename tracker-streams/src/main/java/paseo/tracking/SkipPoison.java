package paseo.tracking;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.events.DeadLetter.Reason;
import paseo.events.Topics;

/**
 * Counts, logs and sets aside a record that cannot be read or tracked, so that one bad record doesn't stop a partition.
 * The dead letter is written in the transaction that consumes the record, so there is exactly one of each. What isn't
 * the record's fault (the state, the store, the cluster) still stops the task: going on would lose records silently.
 *
 * <p>Kafka Streams makes the handlers itself, so the registry comes to them through the configuration.
 */
public final class SkipPoison implements DeserializationExceptionHandler, ProcessingExceptionHandler {
    /** Key of the {@link MeterRegistry} in the configuration. */
    static final String METERS = "paseo.meters";

    private static final Logger LOG = LoggerFactory.getLogger(SkipPoison.class);

    private @Nullable MeterRegistry meters;

    /** Made by Kafka Streams. */
    public SkipPoison() {}

    @Override
    public void configure(Map<String, ?> configuration) {
        meters = (MeterRegistry) configuration.get(METERS);
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return DeserializationExceptionHandler.Response.resume(setAside(context, Reason.UNREADABLE, exception));
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        // A punctuation has no record that could be skipped.
        if (record == null || !isTheRecordsFault(exception)) {
            return ProcessingExceptionHandler.Response.fail();
        }
        Reason reason = exception instanceof ImpossibleTimeException ? Reason.IMPOSSIBLE_TIME : Reason.UNUSABLE;
        return ProcessingExceptionHandler.Response.resume(setAside(context, reason, exception));
    }

    private static boolean isTheRecordsFault(Exception exception) {
        boolean others = exception instanceof KafkaException || exception instanceof UnreadableStateException;
        return !others || exception instanceof SerializationException;
    }

    private List<ProducerRecord<byte[], byte[]>> setAside(
            ErrorHandlerContext context, Reason reason, Exception exception) {
        if (meters != null) {
            meters.counter("paseo.dead.letters", "topic", context.topic(), "reason", reason.tag())
                    .increment();
        }
        String detail = exception.toString();
        LOG.atWarn()
                .addKeyValue("topic", context.topic())
                .addKeyValue("partition", context.partition())
                .addKeyValue("offset", context.offset())
                .addKeyValue("reason", reason.tag())
                .log(
                        "set {}-{} offset {} aside as {}: {}",
                        context.topic(),
                        context.partition(),
                        context.offset(),
                        reason.tag(),
                        detail);
        byte[] value = context.sourceRawValue();
        DeadLetter letter = new DeadLetter(
                TrackerStreams.APPLICATION,
                context.topic(),
                context.partition(),
                context.offset(),
                reason,
                detail,
                ByteBuffer.wrap(value == null ? new byte[0] : value));
        return List.of(letter.toRecord(Topics.DETECTIONS, context.sourceRawKey()));
    }
}
