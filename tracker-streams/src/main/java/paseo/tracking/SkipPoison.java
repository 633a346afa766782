package paseo.tracking;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts, logs and skips a record that cannot be read or tracked, so that one bad record doesn't stop a partition. What
 * isn't the record's fault (the store, the cluster) still stops the task: going on would lose records silently.
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
        skip(context, "unreadable", exception);
        return DeserializationExceptionHandler.Response.resume();
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        // A punctuation has no record that could be skipped.
        if (record == null || !isTheRecordsFault(exception)) {
            return ProcessingExceptionHandler.Response.fail();
        }
        skip(context, "untrackable", exception);
        return ProcessingExceptionHandler.Response.resume();
    }

    private static boolean isTheRecordsFault(Exception exception) {
        return !(exception instanceof KafkaException) || exception instanceof SerializationException;
    }

    private void skip(ErrorHandlerContext context, String reason, Exception exception) {
        if (meters != null) {
            meters.counter("paseo.detections.skipped", "reason", reason).increment();
        }
        LOG.warn(
                "skipped an {} record at offset {} of {}-{}: {}",
                reason,
                context.offset(),
                context.topic(),
                context.partition(),
                exception.toString());
    }
}
