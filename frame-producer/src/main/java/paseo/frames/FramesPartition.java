package paseo.frames;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import paseo.events.Frame;
import paseo.events.Topics;

/** One partition of {@code frames}: what is put there, and how much of it the workers have not taken yet. */
final class FramesPartition {
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Producer<String, Frame> producer;
    private final Admin admin;
    private final TopicPartition partition;
    private final long start;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long end;
    private long taken;
    private boolean expired;

    FramesPartition(Producer<String, Frame> producer, Admin admin, int number) {
        this.producer = producer;
        this.admin = admin;
        partition = new TopicPartition(Topics.FRAMES.name(), number);
        start = logEnd();
        end = start;
        measure();
    }

    /**
     * Sends a record; blocks while Kafka takes none.
     *
     * @param acknowledged called when the record is in Kafka
     * @throws KafkaException if this or an earlier record cannot be sent
     */
    void send(Frame frame, Runnable acknowledged) {
        throwFailure();
        // The callback tells all that the future would.
        Future<RecordMetadata> unused =
                producer.send(KafkaClients.record(partition.partition(), frame), (metadata, exception) -> {
                    if (exception == null) {
                        acknowledged.run();
                    } else {
                        failure.compareAndSet(null, exception);
                    }
                });
        end++;
    }

    /** Waits until everything sent is in Kafka. */
    void flush() {
        producer.flush();
        throwFailure();
    }

    /** How many records wait for the workers, as of the last {@link #measure} and what was sent since. */
    long waiting() {
        return end - taken;
    }

    /** The first offset that the workers have not taken, as of the last {@link #measure}. */
    long taken() {
        return taken;
    }

    /** Whether records of this run were removed from the log before a worker took them. */
    boolean expired() {
        return expired;
    }

    /**
     * Asks Kafka how much the workers have taken.
     *
     * @return false if it did not answer
     * @throws KafkaException if it refuses
     */
    boolean measure() {
        try {
            long first = offset(OffsetSpec.earliest());
            OptionalLong committed = committed();
            taken = Math.max(first, committed.orElse(first));
            expired = first > Math.max(start, committed.orElse(0));
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new KafkaException("cannot read the workers' progress: " + e.getMessage(), e);
        }
    }

    /** Empties the log, whose beginning has expired, so that it can be filled again in order. */
    void clear() {
        try {
            answer(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all());
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("cannot clear " + partition + ": " + e.getMessage(), e);
        }
    }

    private long logEnd() {
        long deadline = System.nanoTime() + KafkaClients.OUTAGE.toNanos();
        while (true) {
            try {
                return offset(OffsetSpec.latest());
            } catch (ExecutionException | TimeoutException e) {
                boolean passing = e instanceof TimeoutException || e.getCause() instanceof RetriableException;
                if (!passing || System.nanoTime() - deadline > 0) {
                    throw new KafkaException("cannot read the end of " + partition + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private OptionalLong committed() throws ExecutionException, TimeoutException {
        Map<String, ListConsumerGroupOffsetsSpec> group =
                Map.of(Topics.INFERENCE_GROUP, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition)));
        OffsetAndMetadata offset = answer(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(Topics.INFERENCE_GROUP))
                .get(partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    private long offset(OffsetSpec which) throws ExecutionException, TimeoutException {
        return answer(admin.listOffsets(Map.of(partition, which)).partitionResult(partition))
                .offset();
    }

    private static <T> T answer(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }

    private void throwFailure() {
        Exception cause = failure.get();
        if (cause != null) {
            throw new KafkaException("cannot send frames to " + partition + ": " + cause.getMessage(), cause);
        }
    }
}
