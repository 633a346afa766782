package paseo.inference;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Detections;
import paseo.events.EventFormatException;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Topics;

/**
 * Reads {@code frames} as one of a group of workers and writes one record of {@code detections} for each, to the
 * partition of the same number and in the same order. An offset is committed only after what was found is stored: a
 * frame may be delivered twice when a worker dies, never lost.
 */
public final class InferenceWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InferenceWorker.class);

    /** How often an idle worker looks whether it is to stop. */
    private static final Duration IDLE = Duration.ofMillis(100);
    /** How long a worker that is to stop waits for Kafka to take what it has found. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    private final WorkerSettings settings;
    private final FacePipeline pipeline;
    private final WorkerMetrics metrics;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable KafkaProducer<String, Detections> open;
    private boolean warned;

    /**
     * Connects to nothing yet.
     *
     * @param pipeline stays the caller's to close, after this
     */
    public InferenceWorker(WorkerSettings settings, FacePipeline pipeline, MeterRegistry registry) {
        this.settings = settings;
        this.pipeline = pipeline;
        this.metrics = new WorkerMetrics(registry);
        pipeline.observe(metrics);
    }

    /**
     * Works until {@link #close()}.
     *
     * @throws paseo.events.TopicMismatchException if the topics do not fit the contract
     * @throws KafkaException if Kafka cannot be reached, or is away for too long
     */
    public void run() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a worker runs once");
        }
        try {
            prepareTopics();
            try (KafkaProducer<String, Detections> producer = KafkaClients.producer(settings.bootstrapServers());
                    KafkaConsumer<String, byte[]> consumer =
                            KafkaClients.consumer(settings.bootstrapServers(), settings.maxBatch())) {
                open = producer;
                work(consumer, producer);
            }
        } catch (KafkaException | IllegalStateException e) {
            // Closing the producer is what ends a call that waits for Kafka.
            if (!stopping) {
                throw e;
            }
            log.warn("stopped without Kafka, the frames in hand are left to the next worker: {}", e.toString());
        } finally {
            ended.countDown();
        }
    }

    private void prepareTopics() {
        try (Admin admin = KafkaClients.admin(settings.bootstrapServers())) {
            Topics.prepare(admin, settings.partitions());
        }
    }

    private void work(KafkaConsumer<String, byte[]> consumer, KafkaProducer<String, Detections> producer) {
        FrameBatch batch = new FrameBatch();
        Rebalance rebalance = new Rebalance();
        consumer.subscribe(List.of(Topics.FRAMES.name()), rebalance);
        while (!stopping) {
            rebalance.collecting = batch;
            collect(consumer, batch);
            if (batch.size() > 0) {
                publish(producer, batch);
                consumer.commitAsync(batch.ends(), (offsets, failure) -> {
                    if (failure != null) {
                        log.warn("an offset was not committed, the next commit covers it: {}", failure.toString());
                    }
                });
                batch = new FrameBatch();
            }
        }
        consumer.commitSync(LAST_COMMIT);
    }

    /** Takes over and loses partitions while a batch is being collected. */
    private static final class Rebalance implements ConsumerRebalanceListener {
        private @Nullable FrameBatch collecting;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.info("reads {}", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log.info("hands over {}", partitions);
            if (collecting != null) {
                collecting.forget(partitions);
            }
        }
    }

    /** Waits for a first record, then for more until the batch is full or the first has waited long enough. */
    private void collect(KafkaConsumer<String, byte[]> consumer, FrameBatch batch) {
        add(consumer, IDLE, batch);
        long deadline = System.nanoTime() + settings.maxWait().toNanos();
        while (batch.size() > 0 && batch.size() < settings.maxBatch() && !stopping) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            add(consumer, Duration.ofNanos(left), batch);
        }
    }

    private void add(KafkaConsumer<String, byte[]> consumer, Duration wait, FrameBatch batch) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(wait)) {
            batch.add(record, decode(record));
        }
    }

    private @Nullable Frame decode(ConsumerRecord<String, byte[]> record) {
        try {
            Frame frame = Topics.FRAMES.codec().deserialize(record.topic(), record.headers(), record.value());
            if (frame != null) {
                return frame;
            }
            skip(record, "an empty record");
        } catch (EventFormatException e) {
            skip(record, e.getMessage());
        }
        return null;
    }

    private void skip(ConsumerRecord<String, byte[]> record, @Nullable String reason) {
        metrics.malformed();
        if (!warned) {
            warned = true;
            log.warn(
                    "skips {}-{}@{}, further ones are only counted: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    reason);
        }
    }

    private void publish(KafkaProducer<String, Detections> producer, FrameBatch batch) {
        List<FrameBatch.Entry> frames =
                batch.entries().stream().filter(entry -> entry.frame() != null).toList();
        List<Detections> found = look(frames.stream()
                .map(FrameBatch.Entry::frame)
                .filter(Objects::nonNull)
                .toList());
        long start = System.nanoTime();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Detections detections = found.get(i);
            sent.add(producer.send(new ProducerRecord<>(
                    Topics.DETECTIONS.name(),
                    frames.get(i).record().partition(),
                    detections.reference().camera(),
                    detections)));
        }
        producer.flush();
        sent.forEach(InferenceWorker::confirm);
        metrics.took(Stage.PUBLISH, System.nanoTime() - start);
        found.forEach(metrics::count);
    }

    private static void confirm(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException("detections could not be stored: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while storing detections", e);
        }
    }

    /** What is in each frame, in the same order; heartbeats are handed on. */
    private List<Detections> look(List<Frame> frames) {
        List<Image> images = frames.stream()
                .map(Frame::content)
                .filter(Image.class::isInstance)
                .map(Image.class::cast)
                .toList();
        var contents = pipeline.examine(images).iterator();
        return frames.stream()
                .map(frame -> new Detections(
                        frame.reference(),
                        frame.content() instanceof Heartbeat heartbeat ? heartbeat : contents.next()))
                .toList();
    }

    /**
     * Finishes the frames in hand, commits and leaves the group; where Kafka does not take what was found, the frames
     * are left to the next worker after 15 s. {@link #run()} has returned when this does.
     */
    @Override
    public void close() {
        stopping = true;
        if (!started.get()) {
            return;
        }
        try {
            if (!ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                KafkaProducer<String, Detections> producer = open;
                if (producer != null) {
                    producer.close(Duration.ZERO);
                }
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
