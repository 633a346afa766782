package paseo.frames;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Camera;
import paseo.events.EventFormatException;
import paseo.events.Topics;
import paseo.operations.GroupMembership;
import paseo.operations.Health;
import paseo.operations.Management;

/**
 * Watches cameras and puts their frames on the topic {@code frames}: those of the topic {@code cameras} that fall to it
 * as one of a group of producers, or some that it is given.
 *
 * <p>A live picture is worthless when it is old. Whatever stands in the way (a slow camera, Kafka, the workers),
 * pictures are dropped and counted by reason, and no camera waits for another one.
 */
public final class CameraProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CameraProducer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private final ProducerSettings settings;
    private final Management management;
    private final List<CameraTarget> given;
    /** When the group has not heard of this producer for so long, another one has its cameras. */
    private final double fencedSeconds;

    private final GroupFence fence;

    private final LiveKafka kafka;
    private final LivePublisher publisher;
    private final CameraFleet fleet;
    private final StopSignal stop = new StopSignal();
    private final AtomicBoolean started = new AtomicBoolean();
    private final StopSignal ended = new StopSignal();
    private boolean suspended;

    private CameraProducer(ProducerSettings settings, List<CameraTarget> given, Management management) {
        this.management = management;
        MeterRegistry registry = management.meters();
        this.settings = settings;
        this.given = given;
        fencedSeconds = KafkaClients.cameraSession(settings.kafka()).toMillis() / 1000.0 + 1;
        fence = new GroupFence(fencedSeconds);
        LiveClock clock = new LiveClock();
        kafka = new LiveKafka(settings.kafka(), clock, this::fastest, management);
        publisher = new LivePublisher(Math.max(2, Runtime.getRuntime().availableProcessors() / 2));
        CrashReports crashes = CrashReports.ofPredecessors();
        Map<String, LiveClock> clocks = new HashMap<>();
        fleet = new CameraFleet(
                publisher,
                (target, partition) -> new LiveCamera(
                        target,
                        partition,
                        settings,
                        kafka,
                        clocks.compute(
                                target.id(),
                                (id, before) -> before == null ? new LiveClock() : LiveClock.after(before)),
                        publisher::ready,
                        registry,
                        crashes.quarantine(target.id(), Instant.now())));
    }

    /**
     * One of the group that watches what is on the topic {@code cameras}.
     *
     * @throws KafkaException if Kafka's address is malformed
     */
    public static CameraProducer ofTopic(ProducerSettings settings, MeterRegistry registry) {
        return ofTopic(settings, Management.silent(registry));
    }

    /** The same, which also says how it is. */
    public static CameraProducer ofTopic(ProducerSettings settings, Management management) {
        return new CameraProducer(settings, List.of(), management);
    }

    /**
     * Watches these and no others; they get ids from their addresses.
     *
     * @param urls at least one; user and password in them, as such or as references, are shown nowhere
     * @throws IllegalArgumentException if one is not a camera's address; the message does not repeat it
     */
    public static CameraProducer of(ProducerSettings settings, List<String> urls, MeterRegistry registry) {
        return of(settings, urls, Management.silent(registry));
    }

    /** The same, which also says how it is. */
    public static CameraProducer of(ProducerSettings settings, List<String> urls, Management management) {
        Set<String> ids = new HashSet<>();
        List<CameraTarget> targets = urls.stream()
                .map(url -> CameraTarget.of(new CameraAddress(url)).limited(settings.fps()))
                .map(target -> {
                    CameraTarget unique = target;
                    for (int i = 2; !ids.add(unique.id()); i++) {
                        unique = target.named(target.id() + "-" + i);
                    }
                    return unique;
                })
                .toList();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("there is no camera to watch");
        }
        return new CameraProducer(settings, targets, management);
    }

    /** Whether an input is a camera's address and not a file. */
    public static boolean isCamera(String input) {
        return CameraAddress.looksLikeOne(input);
    }

    /**
     * Refuses what can be no camera's address, whether or not there is a camera.
     *
     * @throws IllegalArgumentException saying why; the message does not repeat it
     */
    public static void checkAddress(String address) {
        CameraAddress.check(address);
    }

    /**
     * Watches until {@link #close}. To be called once.
     *
     * @throws paseo.events.TopicMismatchException if the topics in Kafka do not fit the contract
     * @throws KafkaException if Kafka cannot be reached at the start, or refuses
     */
    public void run() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a camera producer runs once");
        }
        try {
            int partitions;
            try (Admin admin = KafkaClients.admin(settings.kafka())) {
                partitions = Topics.prepare(admin, settings.partitions());
            }
            if (given.isEmpty()) {
                watchTopic();
            } else {
                watchGiven(partitions);
            }
        } finally {
            publisher.close();
            ended.raise();
        }
    }

    private void watchGiven(int partitions) {
        int next = 0;
        for (CameraTarget target : given) {
            fleet.want(target, partitionOfGiven(next++, partitions));
        }
        fleet.reconcile();
        while (!stop.raised()) {
            stop.pause(POLL);
        }
    }

    /** The last partition is left to files, so that cameras need not wait behind them. */
    private static int partitionOfGiven(int camera, int partitions) {
        return camera % Math.max(1, partitions - 1);
    }

    /** Those that so many given cameras are on. */
    static Set<Integer> partitionsOfGiven(int cameras, int partitions) {
        return IntStream.range(0, cameras)
                .mapToObj(camera -> partitionOfGiven(camera, partitions))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void watchTopic() {
        try (KafkaConsumer<String, byte[]> consumer = KafkaClients.cameraConsumer(settings.kafka())) {
            management.bind(new KafkaClientMetrics(consumer));
            management.health().needs("cameras", new GroupMembership(consumer::metrics));
            GroupSilence silence = new GroupSilence(System.nanoTime());
            Health.Loop loop = management.health().loop("cameras");
            consumer.subscribe(List.of(Topics.CAMERAS.name()), new Handover(consumer));
            while (!stop.raised()) {
                loop.waits();
                var entries = consumer.poll(POLL);
                loop.works();
                for (ConsumerRecord<String, byte[]> entry : entries) {
                    accept(entry);
                }
                double silent = silence.seconds(consumer.metrics(), System.nanoTime());
                settle(consumer, fence.holds(silent, silence.answers()));
            }
        } catch (WakeupException e) {
            log.debug("woken to stop", e);
        }
    }

    private void accept(ConsumerRecord<String, byte[]> entry) {
        String id = Objects.requireNonNullElse(entry.key(), "");
        try {
            Camera camera = Topics.CAMERAS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
            if (camera == null) {
                fleet.dismiss(id, entry.partition());
            } else if (!camera.id().equals(id)) {
                throw new IllegalArgumentException("a camera under the key of another");
            } else if (camera.paused()) {
                fleet.dismiss(camera.id(), entry.partition());
            } else {
                fleet.want(CameraTarget.of(camera).limited(settings.fps()), entry.partition());
            }
        } catch (EventFormatException | IllegalArgumentException e) {
            fleet.dismiss(id, entry.partition());
            log.warn("record {} of {} is no camera, and {} is not watched", entry.offset(), entry.topic(), id);
            log.debug("because", e);
        }
    }

    /**
     * Once the latest word on every camera of a partition is known, unless the group may have given them to another
     * producer. Partitions do not wait for each other: one may be without a leader for long.
     */
    private void settle(KafkaConsumer<String, byte[]> consumer, boolean fenced) {
        if (fenced && !suspended) {
            log.warn("has not reached its group for {} s: leaves its cameras to the others", fencedSeconds);
            fleet.suspend();
        }
        suspended = fenced;
        if (!fenced) {
            Set<Integer> known = consumer.assignment().stream()
                    .filter(partition -> consumer.currentLag(partition).orElse(1) == 0)
                    .map(TopicPartition::partition)
                    .collect(Collectors.toSet());
            fleet.reconcile(known::contains);
        }
    }

    /** Cameras come and go with their partitions. */
    private final class Handover implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> consumer;

        Handover(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.info("watches the cameras of {}", partitions);
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log.info("hands over the cameras of {}", partitions);
            fleet.hand(partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet()));
        }
    }

    /** How each watched camera is, by id. */
    public List<CameraReport> status() {
        return fleet.watched().stream()
                .map(camera -> new CameraReport(
                        camera.target().id(),
                        camera.target().address().redacted(),
                        camera.partition(),
                        camera.status(),
                        camera.detail()))
                .sorted(Comparator.comparing(CameraReport::id))
                .toList();
    }

    private double fastest() {
        return fleet.watched().stream()
                .mapToDouble(camera -> camera.target().sent(camera.status().frameRate()))
                .max()
                .orElse(0);
    }

    /** Gives all cameras up and leaves the group; {@link #run} has returned when this does. */
    @Override
    public void close() {
        stop.raise();
        if (started.get()) {
            ended.pause(Duration.ofSeconds(20));
        } else {
            publisher.close();
        }
        kafka.close();
    }
}
