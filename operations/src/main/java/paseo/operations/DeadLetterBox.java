package paseo.operations;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Stores what a service sets aside before the service goes on: a record counts as consumed only after its copy is safe.
 * Connects when the first one comes, which may be never. For one thread.
 */
public final class DeadLetterBox implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final int CONFIRMED_MS = 30_000;
    private static final int ANSWER_MS = 10_000;

    private final KafkaConnection kafka;
    private final int largest;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /** @param largest record that can come, bytes, with what goes around it */
    public DeadLetterBox(KafkaConnection kafka, int largest) {
        this.kafka = kafka;
        this.largest = largest;
    }

    /**
     * Stores a record and waits until all replicas have it.
     *
     * @throws RetriableException if Kafka has not confirmed it in half a minute; it may have been stored
     * @throws KafkaException if Kafka refuses
     */
    public void put(ProducerRecord<byte[], byte[]> letter) {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = connect();
            producer = open;
        }
        try {
            open.send(letter).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RetriableException later
                    ? later
                    : new KafkaException("a record could not be set aside: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaProducer<byte[], byte[]> connect() {
        return new KafkaProducer<>(
                kafka.producer(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        largest,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        ANSWER_MS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        ANSWER_MS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        CONFIRMED_MS)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(STOP);
        }
    }
}
