package paseo.inference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.events.Detections;
import paseo.events.EventFormatException;
import paseo.events.Frame;
import paseo.events.Topics;
import paseo.operations.GroupMembership;
import paseo.operations.Health;
import paseo.operations.Management;
import paseo.operations.TraceParent;

/**
 * Reads {@code frames} as one of a group of workers and writes one record of {@code detections} for each, to the
 * partition of the same number and in the order in which they are shown. A live picture that waited too long is not
 * looked at but counted, and files wait while live pictures grow old. An offset is committed only after what was found
 * is stored: a frame may be delivered twice when a worker dies, never lost.
 */
public final class InferenceWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InferenceWorker.class);

    /** How often an idle worker looks whether it is to stop. */
    private static final Duration IDLE = Duration.ofMillis(100);
    /** How long a worker that is to stop waits for Kafka to take what it has found. */
    private static final Duration GRACE = Duration.ofSeconds(15);
    /** What a turn of the loop tells of a session's silence at most: a process that stood still heard nothing. */
    private static final long LONGEST_TURN_NANOS = Duration.ofSeconds(5).toNanos();

    private final WorkerSettings settings;
    private final WorkerMetrics metrics;
    private final Management management;
    private final Health.Loop loop;
    private final FrameReview review;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable KafkaProducer<String, Detections> open;
    private final UnusableFrames unusable;
    private final UnitSessions units = new UnitSessions();
    private final Company company = new Company(System.nanoTime());
    private boolean inHand;

    /**
     * Connects to nothing yet.
     *
     * @param pipeline stays the caller's to close, after this
     */
    public InferenceWorker(WorkerSettings settings, FacePipeline pipeline, MeterRegistry registry) {
        this(settings, pipeline, Management.silent(registry));
    }

    /** The same, which also says how it is. */
    public InferenceWorker(WorkerSettings settings, FacePipeline pipeline, Management management) {
        this.settings = settings;
        this.metrics = new WorkerMetrics(management.meters());
        this.management = management;
        this.review = new FrameReview(pipeline, metrics, units, settings.interval());
        this.unusable = new UnusableFrames(settings.kafka(), metrics);
        this.loop = management.health().loop("inference-worker");
        management.health().needs("frames", () -> Optional.of("not connected to Kafka yet"));
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
            try (KafkaProducer<String, Detections> producer = KafkaClients.producer(settings.kafka());
                    KafkaConsumer<String, byte[]> consumer =
                            KafkaClients.consumer(settings.kafka(), settings.maxBatch())) {
                open = producer;
                management.bind(new KafkaClientMetrics(producer));
                management.bind(new KafkaClientMetrics(consumer));
                management.health().needs("frames", new GroupMembership(consumer::metrics));
                work(consumer, producer);
            }
        } catch (KafkaException | IllegalStateException e) {
            // Closing the producer is what ends a call that waits for Kafka.
            if (!stopping) {
                throw e;
            }
            log.warn("stopped without Kafka, the frames in hand are left to the next worker: {}", e.toString());
        } finally {
            try {
                units.close();
                unusable.close();
            } finally {
                ended.countDown();
            }
        }
    }

    private void prepareTopics() {
        try (Admin admin = KafkaClients.admin(settings.kafka())) {
            Topics.prepare(admin, settings.partitions());
        }
    }

    private void work(KafkaConsumer<String, byte[]> consumer, KafkaProducer<String, Detections> producer) {
        FrameBatch batch = new FrameBatch();
        // What one poll brings may come on top of all but one.
        int mostInHand = 2 * settings.maxBatch() - 1;
        CrashWatch crashes = new CrashWatch(consumer, mostInHand, unusable, units, loop);
        Rebalance rebalance = new Rebalance(crashes);
        consumer.subscribe(List.of(Topics.FRAMES.name()), rebalance);
        while (!stopping) {
            long began = System.nanoTime();
            Set<TopicPartition> heard = heard(consumer);
            rebalance.collecting = batch;
            loop.waits();
            collect(consumer, batch);
            loop.works();
            if (batch.size() > 0) {
                inHand = true;
                crashes.begin(batch);
                FrameBatch rest = batch;
                // A worker that is to stop leaves the rest to the next one: only what is stored is committed.
                while (rest.size() > 0 && !stopping) {
                    FrameBatch part = rest.first(crashes.suspects(rest) ? 1 : review.atOnce(rest));
                    rest = rest.after(part.size());
                    publish(producer, crashes.announced(part));
                    Map<TopicPartition, OffsetAndMetadata> ends = units.noted(part.ends());
                    crashes.done(ends);
                    consumer.commitAsync(ends, (offsets, failure) -> {
                        if (failure != null) {
                            log.warn("an offset was not committed, the next commit covers it: {}", failure.toString());
                        }
                    });
                }
                batch = new FrameBatch();
                inHand = false;
            }
            // Also when nothing came: all that is left may be files that wait.
            letFilesWait(consumer);
            units.waited(heard, Math.min(LONGEST_TURN_NANOS, System.nanoTime() - began));
        }
        crashes.end();
    }

    /** Of a paused partition nothing is heard, whoever sends to it. */
    private static Set<TopicPartition> heard(KafkaConsumer<String, byte[]> consumer) {
        Set<TopicPartition> heard = new HashSet<>(consumer.assignment());
        heard.removeAll(consumer.paused());
        return heard;
    }

    private void letFilesWait(KafkaConsumer<String, byte[]> consumer) {
        Set<TopicPartition> waiting = review.waiting();
        Set<TopicPartition> assigned = consumer.assignment();
        consumer.pause(assigned.stream().filter(waiting::contains).toList());
        consumer.resume(assigned.stream()
                .filter(partition -> !waiting.contains(partition))
                .toList());
    }

    /** Takes over and loses partitions while a batch is being collected. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final CrashWatch crashes;
        private @Nullable FrameBatch collecting;

        Rebalance(CrashWatch crashes) {
            this.crashes = crashes;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.info("reads {}", partitions);
            crashes.taken(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log.info("hands over {}", partitions);
            if (collecting != null) {
                collecting.forget(partitions);
            }
            // A consumer that is closed by a failure gives its partitions up, too: that is no orderly end.
            if (!inHand) {
                crashes.left(partitions);
            }
            units.forget(partitions);
            review.forget(partitions);
        }
    }

    /**
     * Waits for a first record, then for more until the batch is full or the first has waited long enough. A camera's
     * picture waits only for others that are likely to come in time.
     */
    private void collect(KafkaConsumer<String, byte[]> consumer, FrameBatch batch) {
        add(consumer, IDLE, batch);
        long deadline = System.nanoTime() + settings.maxWait().toNanos();
        while (batch.size() > 0 && batch.size() < settings.maxBatch() && !stopping) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || (batch.live() && !company.likely(left))) {
                return;
            }
            add(consumer, Duration.ofNanos(left), batch);
        }
    }

    private void add(KafkaConsumer<String, byte[]> consumer, Duration wait, FrameBatch batch) {
        ConsumerRecords<String, byte[]> records = consumer.poll(wait);
        company.came(records.count(), System.nanoTime());
        for (ConsumerRecord<String, byte[]> record : records) {
            batch.add(record, decode(record));
        }
    }

    private @Nullable Frame decode(ConsumerRecord<String, byte[]> record) {
        try {
            Frame frame = Topics.FRAMES.codec().deserialize(record.topic(), record.headers(), record.value());
            if (frame != null) {
                return frame;
            }
            unusable.setAside(record, DeadLetter.Reason.EMPTY, "");
        } catch (EventFormatException e) {
            unusable.setAside(record, DeadLetter.Reason.UNREADABLE, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void publish(KafkaProducer<String, Detections> producer, FrameBatch batch) {
        List<FrameBatch.Entry> frames =
                batch.entries().stream().filter(entry -> entry.frame() != null).toList();
        List<FrameReview.Found> found = review.look(frames);
        loop.waits();
        long start = System.nanoTime();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (FrameReview.Found one : found) {
            Detections detections = one.detections();
            ProducerRecord<String, Detections> record = new ProducerRecord<>(
                    Topics.DETECTIONS.name(),
                    one.record().partition(),
                    detections.reference().camera(),
                    detections);
            TraceParent.handOn(one.record().headers(), record.headers(), "inference");
            sent.add(producer.send(record));
        }
        producer.flush();
        sent.forEach(InferenceWorker::confirm);
        loop.works();
        metrics.took(Stage.PUBLISH, System.nanoTime() - start);
        found.forEach(one -> metrics.count(one.detections()));
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

    /**
     * Finishes the frames that are being looked at, commits and leaves the group. Others in hand are left to the next
     * worker, and after 15 s all of them, where Kafka does not take what was found. {@link #run()} has let go of Kafka
     * when this returns.
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
