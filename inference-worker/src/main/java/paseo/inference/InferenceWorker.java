package paseo.inference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Dropped.Reason;
import paseo.events.EventFormatException;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.operations.GroupMembership;
import paseo.operations.Health;
import paseo.operations.Management;
import paseo.operations.TraceParent;

/**
 * Reads {@code frames} as one of a group of workers and writes one record of {@code detections} for each, to the
 * partition of the same number and in the same order. A live picture that waited too long is not looked at but counted,
 * and files wait while live pictures grow old. An offset is committed only after what was found is stored: a frame may
 * be delivered twice when a worker dies, never lost.
 */
public final class InferenceWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InferenceWorker.class);

    /** How often an idle worker looks whether it is to stop. */
    private static final Duration IDLE = Duration.ofMillis(100);
    /** How long a worker that is to stop waits for Kafka to take what it has found. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);
    private static final long LIVE_PART_MICROS = 150_000;
    private static final Dropped KILLED = new Dropped(Reason.UNREADABLE, "ended the process twice");
    private static final Dropped STALE = new Dropped(Reason.STALE, "");

    private final WorkerSettings settings;
    private final FacePipeline pipeline;
    private final WorkerMetrics metrics;
    private final Management management;
    private final Health.Loop loop;
    private final Freshness freshness = new Freshness();
    private final LiveFirst liveFirst = new LiveFirst();
    private final FairShare share = new FairShare();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable KafkaProducer<String, Detections> open;
    private final UnusableFrames unusable;
    private final CrashJournal journal;
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
        this.pipeline = pipeline;
        this.metrics = new WorkerMetrics(management.meters());
        this.management = management;
        this.journal = new CrashJournal(settings.maxBatch());
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
            unusable.close();
            ended.countDown();
        }
    }

    private void prepareTopics() {
        try (Admin admin = KafkaClients.admin(settings.kafka())) {
            Topics.prepare(admin, settings.partitions());
        }
    }

    private void work(KafkaConsumer<String, byte[]> consumer, KafkaProducer<String, Detections> producer) {
        FrameBatch batch = new FrameBatch();
        Rebalance rebalance = new Rebalance(consumer);
        consumer.subscribe(List.of(Topics.FRAMES.name()), rebalance);
        while (!stopping) {
            rebalance.collecting = batch;
            loop.waits();
            collect(consumer, batch);
            loop.works();
            if (batch.size() > 0) {
                inHand = true;
                begin(consumer, batch);
                for (FrameBatch part : batch.parts(partSize(batch))) {
                    publish(producer, announced(consumer, part));
                    Map<TopicPartition, OffsetAndMetadata> ends = part.ends();
                    journal.done(ends);
                    consumer.commitAsync(ends, (offsets, failure) -> {
                        if (failure != null) {
                            log.warn("an offset was not committed, the next commit covers it: {}", failure.toString());
                        }
                    });
                }
                letFilesWait(consumer);
                batch = new FrameBatch();
                inHand = false;
            }
        }
        loop.waits();
        consumer.commitSync(journal.leaving(consumer.assignment()), LAST_COMMIT);
    }

    private void begin(KafkaConsumer<String, byte[]> consumer, FrameBatch batch) {
        Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
        for (FrameBatch.Entry entry : batch.entries()) {
            journal.beginning(entry.partition(), entry.record().offset())
                    .ifPresent(beginning -> beginnings.put(entry.partition(), beginning));
        }
        note(consumer, beginnings);
    }

    /** The journal is worth a moment and no failure: without an entry a death is not put down to a record. */
    private void note(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> entry) {
        if (entry.isEmpty()) {
            return;
        }
        loop.waits();
        try {
            consumer.commitSync(entry, LAST_COMMIT);
        } catch (KafkaException e) {
            log.debug("not in the journal: {}", entry, e);
        }
        loop.works();
    }

    /** Of live pictures a few at a time: what waits behind them may have become stale meanwhile. */
    private int partSize(FrameBatch batch) {
        if (batch.entries().stream().anyMatch(this::suspected)) {
            return 1;
        }
        return batch.live() ? freshness.picturesIn(LIVE_PART_MICROS) : batch.size();
    }

    private boolean suspected(FrameBatch.Entry entry) {
        return journal.suspects(entry.partition(), entry.record().offset());
    }

    /** The same records; one that may have killed a worker is announced, one that did too often is not looked at. */
    private FrameBatch announced(KafkaConsumer<String, byte[]> consumer, FrameBatch part) {
        FrameBatch.Entry first = part.entries().get(0);
        long offset = first.record().offset();
        if (journal.condemns(first.partition(), offset)) {
            unusable.setAside(
                    first.record(), DeadLetter.Reason.KILLED_PROCESS, "two workers died while they looked at it");
            return part.condemned();
        }
        if (suspected(first)) {
            note(consumer, Map.of(first.partition(), journal.announcement(first.partition(), offset)));
        }
        return part;
    }

    private void letFilesWait(KafkaConsumer<String, byte[]> consumer) {
        Set<TopicPartition> waiting = liveFirst.waiting(nowMicros());
        Set<TopicPartition> assigned = consumer.assignment();
        consumer.pause(assigned.stream().filter(waiting::contains).toList());
        consumer.resume(assigned.stream()
                .filter(partition -> !waiting.contains(partition))
                .toList());
    }

    private static long nowMicros() {
        return System.currentTimeMillis() * 1000;
    }

    /** Takes over and loses partitions while a batch is being collected. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> consumer;
        private @Nullable FrameBatch collecting;

        Rebalance(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.info("reads {}", partitions);
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed = committed(partitions);
            partitions.forEach(partition -> journal.taken(partition, committed.get(partition)));
        }

        private Map<TopicPartition, @Nullable OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
            try {
                return consumer.committed(new HashSet<>(partitions), LAST_COMMIT);
            } catch (KafkaException e) {
                log.debug("the journal of {} cannot be read", partitions, e);
                return Map.of();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log.info("hands over {}", partitions);
            if (collecting != null) {
                collecting.forget(partitions);
            }
            // A consumer that is closed by a failure gives its partitions up, too: that is no orderly end.
            if (!inHand) {
                note(consumer, journal.leaving(partitions));
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
            unusable.setAside(record, DeadLetter.Reason.EMPTY, "");
        } catch (EventFormatException e) {
            unusable.setAside(record, DeadLetter.Reason.UNREADABLE, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void publish(KafkaProducer<String, Detections> producer, FrameBatch batch) {
        List<FrameBatch.Entry> frames =
                batch.entries().stream().filter(entry -> entry.frame() != null).toList();
        List<Detections> found = look(frames);
        loop.waits();
        long start = System.nanoTime();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Detections detections = found.get(i);
            ProducerRecord<String, Detections> record = new ProducerRecord<>(
                    Topics.DETECTIONS.name(),
                    frames.get(i).record().partition(),
                    detections.reference().camera(),
                    detections);
            TraceParent.handOn(frames.get(i).record().headers(), record.headers(), "inference");
            sent.add(producer.send(record));
        }
        producer.flush();
        sent.forEach(InferenceWorker::confirm);
        loop.works();
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

    /** What is in each frame, in the same order; heartbeats are handed on, and what is stale is not looked at. */
    private List<Detections> look(List<FrameBatch.Entry> entries) {
        BitSet looked = new BitSet();
        List<Image> fresh = new ArrayList<>();
        long now = nowMicros();
        for (int i = 0; i < entries.size(); i++) {
            if (frame(entries.get(i)).content() instanceof Image image
                    && !entries.get(i).condemned()) {
                liveFirst.sees(entries.get(i).partition(), image, now);
                if (worthLooking(frame(entries.get(i)), image, fresh.size(), now)) {
                    looked.set(i);
                    if (image.live()) {
                        metrics.age(now - frame(entries.get(i)).reference().captureTimeMicros());
                    }
                    fresh.add(image);
                }
            }
        }
        long start = System.nanoTime();
        var examined = pipeline.examine(fresh).iterator();
        freshness.took(fresh.size(), System.nanoTime() - start);
        List<Detections> found = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Frame frame = frame(entries.get(i));
            Detections.Content content = frame.content() instanceof Heartbeat heartbeat
                    ? heartbeat
                    : entries.get(i).condemned() ? KILLED : looked.get(i) ? examined.next() : STALE;
            found.add(new Detections(frame.reference(), content));
        }
        return found;
    }

    private boolean worthLooking(Frame frame, Image image, int ahead, long nowMicros) {
        boolean stale = freshness.stale(image, ahead, nowMicros);
        return image.live() ? share.takes(frame.reference().camera(), image, stale, nowMicros) : !stale;
    }

    private static Frame frame(FrameBatch.Entry entry) {
        return Objects.requireNonNull(entry.frame(), "records that are no frames were left out");
    }

    /**
     * Finishes the frames in hand, commits and leaves the group; where Kafka does not take what was found, the frames
     * are left to the next worker after 15 s. {@link #run()} has let go of Kafka when this returns.
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
