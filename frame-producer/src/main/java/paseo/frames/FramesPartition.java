package paseo.frames;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.AccessUnit;
import paseo.events.Frame;
import paseo.events.Image;
import paseo.events.Topics;

/** One partition of {@code frames}: what is put there, and how much of it the workers have not taken yet. */
final class FramesPartition {
    private static final Logger log = LoggerFactory.getLogger(FramesPartition.class);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** A record that waits. */
    private record Stored(long offset, int bytes) {}

    private final Producer<String, Frame> producer;
    private final Admin admin;
    private final TopicPartition partition;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    /** Records sent through here that are stored, and not taken as of the last {@link #measure}. */
    private final Queue<Stored> stored = new ConcurrentLinkedQueue<>();

    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long end;
    private long first;
    private long taken;
    private boolean expired;
    private long skipped;

    FramesPartition(Producer<String, Frame> producer, Admin admin, int number) {
        this.producer = producer;
        this.admin = admin;
        partition = new TopicPartition(Topics.FRAMES.name(), number);
        end = logEnd();
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
        int size = bytes(frame);
        // The callback tells all that the future would.
        Future<RecordMetadata> unused =
                producer.send(KafkaClients.record(partition.partition(), frame), (metadata, exception) -> {
                    if (exception == null) {
                        stored.add(new Stored(metadata.offset(), size));
                        end = Math.max(end, metadata.offset() + 1);
                        acknowledged.run();
                    } else {
                        failure.compareAndSet(null, exception);
                    }
                    unanswered.decrementAndGet();
                });
        unanswered.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** What goes around the picture does not count. */
    private static int bytes(Frame frame) {
        if (frame.content() instanceof Image image) {
            return image.jpeg().remaining();
        }
        return frame.content() instanceof AccessUnit unit ? unit.data().remaining() : 0;
    }

    /** Waits until everything sent is in Kafka. */
    void flush() {
        producer.flush();
        throwFailure();
    }

    /**
     * How many records the workers have to take until they have all that was here when this was made or was sent since,
     * others' among them, as of the last {@link #measure}.
     */
    long waiting() {
        // Asked first: what is stored meanwhile counts twice and not never.
        long sent = unanswered.get();
        return sent + Math.max(end, taken) - taken;
    }

    /** How many bytes the pictures have that were sent through here and not taken, as of the last {@link #measure}. */
    long waitingBytes() {
        return bytes.get();
    }

    /** The first offset that the workers have not taken, as of the last {@link #measure}. */
    long taken() {
        return taken;
    }

    /** Whether records sent through here were removed from the log, and the workers are not behind them yet. */
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
            first = offset(OffsetSpec.earliest());
            long committed = committed().orElse(0);
            noteUnseen(committed);
            taken = Math.max(first, committed);
            remove(committed);
            Stored next = stored.peek();
            expired = next != null && next.offset() < first;
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

    /**
     * What was neither taken at the last measurement nor there at this one, and lies before what the workers have taken
     * meanwhile: they took it before it was removed, or went on behind it.
     */
    private void noteUnseen(long committed) {
        long[] unseen = stored.stream()
                .mapToLong(Stored::offset)
                .filter(offset -> offset >= taken && offset < Math.min(first, committed))
                .toArray();
        skipped = unseen.length;
        if (skipped > 0) {
            log.error(
                    "{} records of {} from offset {} on were removed since the workers were last asked: unless they were"
                            + " erased behind the workers, they expired, and nobody has looked at those frames",
                    skipped,
                    partition,
                    unseen[0]);
        }
    }

    /** How many records may have expired unseen between the last two measurements: too late to send them again. */
    long skipped() {
        return skipped;
    }

    private void remove(long before) {
        stored.removeIf(record -> {
            boolean gone = record.offset() < before;
            if (gone) {
                bytes.addAndGet(-record.bytes());
            }
            return gone;
        });
    }

    /**
     * Empties the log, whose beginning has expired, of the records sent through here, so that they can be sent again in
     * order. It can be emptied from its beginning only: what another run has put there stays, and with it what lies
     * behind.
     */
    void clear() {
        flush();
        long left = first;
        for (Stored record : stored) {
            if (record.offset() == left) {
                left++;
            }
        }
        if (left < end) {
            log.warn(
                    "{} has others' records between those sent from here: what expired comes behind what did not",
                    partition);
        }
        try {
            answer(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(left)))
                    .all());
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("cannot clear " + partition + ": " + e.getMessage(), e);
        }
        remove(left);
        first = left;
        taken = Math.max(taken, left);
        expired = false;
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
