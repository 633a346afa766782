package paseo.frames;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Frame;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;

/**
 * Live frames to Kafka: what cannot be stored within two seconds is given up, and the pace follows the workers, whose
 * progress is read from their committed offsets.
 */
final class LiveKafka implements LiveSink, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LiveKafka.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /**
     * Workers that look at pictures give up the stale ones themselves, each camera its share of them. Only where a
     * partition gets so much older do they not look at all.
     */
    private static final long BEHIND_MICROS = 2 * CameraSender.STALE_MICROS;

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Admin admin;
    private final Producer<String, Frame> producer;
    private final LiveClock clock;
    private final DoubleSupplier fastest;
    private final WorkerLag lag = new WorkerLag();
    private final RateControl control = new RateControl();
    private final Map<Integer, Boolean> behind = new ConcurrentHashMap<>();
    private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
    private final StopSignal stop = new StopSignal();
    private final Surprises surprises = new Surprises(log);
    private final Thread watcher = new Thread(this::watch, "worker-watch");
    private volatile double rate = RateControl.MOST;
    private boolean silent;

    /** @param fastest pictures a second that are sent of the busiest camera when nobody is behind */
    LiveKafka(KafkaConnection kafka, LiveClock clock, DoubleSupplier fastest, Management management) {
        this(KafkaClients.admin(kafka), KafkaClients.liveProducer(kafka), clock, fastest, management);
    }

    LiveKafka(
            Admin admin,
            Producer<String, Frame> producer,
            LiveClock clock,
            DoubleSupplier fastest,
            Management management) {
        MeterRegistry registry = management.meters();
        this.clock = clock;
        this.fastest = fastest;
        this.admin = admin;
        this.producer = producer;
        management.bind(new KafkaClientMetrics(producer));
        Gauge.builder("paseo.camera.rate.limit", this, LiveKafka::rate).register(registry);
        Gauge.builder("paseo.camera.waiting.age", this, live -> live.lag.ageMicros(live.clock.micros()) / 1e6)
                .baseUnit("seconds")
                .register(registry);
        watcher.setDaemon(true);
        watcher.start();
    }

    @Override
    public void send(int partition, Frame frame, long ageMicros, Consumer<Boolean> done) {
        boolean picture = frame.content() instanceof Image;
        long captured = clock.micros() - ageMicros;
        try {
            // The callback tells all that the future would.
            Future<RecordMetadata> unused = producer.send(KafkaClients.record(partition, frame), (stored, failure) -> {
                if (failure == null && picture) {
                    lag.stored(partition, stored.offset(), captured);
                }
                note(partition, failure);
                done.accept(failure == null);
            });
        } catch (KafkaException | IllegalStateException e) {
            // Too large, or closed meanwhile.
            note(partition, e);
            done.accept(false);
        }
    }

    /** Once for each time: of an outage every picture tells. */
    private void note(int partition, @Nullable Exception failure) {
        if (failure == null) {
            if (refused.remove(partition)) {
                log.info("Kafka takes live frames on partition {} again", partition);
            }
        } else if (!stop.raised() && refused.add(partition)) {
            log.warn("Kafka takes no live frames on partition {}: they are lost", partition, failure);
        }
    }

    @Override
    public double rate() {
        return rate;
    }

    @Override
    public boolean behind(int partition) {
        return behind.getOrDefault(partition, false);
    }

    private void watch() {
        while (!stop.raised()) {
            stop.pause(LOOK);
            try {
                look();
                follow(clock.micros());
            } catch (Throwable e) {
                // Even an Error: without this thread nobody would follow the workers any more.
                surprises.log("worker-watch", e);
            }
        }
    }

    /**
     * Where a partition is behind, nobody looks at its pictures and no more are sent: that tells nothing of the pace of
     * those who look at the others, and where all are behind, of nobody's.
     */
    private void follow(long now) {
        if (behind.isEmpty() || behind.containsValue(false)) {
            control.measured(lag.ageMicros(now, partition -> !behind(partition)), fastest.getAsDouble(), now);
            rate = control.rate();
        }
    }

    private void look() {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        if (committed == null) {
            return;
        }
        long now = clock.micros();
        committed.forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(Topics.FRAMES.name())) {
                lag.taken(partition.partition(), offset.offset());
            }
        });
        lag.partitions().forEach(partition -> behind.put(partition, lag.ageMicros(partition, now) > BEHIND_MICROS));
    }

    private @Nullable Map<TopicPartition, OffsetAndMetadata> committed() {
        try {
            var offsets = admin.listConsumerGroupOffsets(Topics.INFERENCE_GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            silent = false;
            return offsets;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.raise();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            if (!silent && !stop.raised()) {
                silent = true;
                log.warn("Kafka does not say how far the workers are, live cameras slow down: {}", e.toString());
            }
        }
        return null;
    }

    @Override
    public void close() {
        stop.raise();
        producer.close(GRACE);
        admin.close(Duration.ZERO);
        try {
            watcher.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
