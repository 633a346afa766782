package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Heartbeat;
import paseo.events.Topics;

/** A Kafka, and producers of files and workers on it. Each test takes a partition of its own. */
final class ProducerBroker implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long DEADLINE_NANOS = 60_000_000_000L;

    private final EmbeddedKafka kafka;

    ProducerBroker(Path directory, int partitions) throws Exception {
        kafka = EmbeddedKafka.start(directory);
        try (Admin admin = admin()) {
            Topics.prepare(admin, partitions);
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    ProducerSettings settings() {
        return ProducerSettings.of(kafka.bootstrapServers());
    }

    ProducerSettings settings(int partition) {
        return settings().withPartition(partition);
    }

    ThrottledWorker worker(int partition) {
        return new ThrottledWorker(kafka.bootstrapServers(), partition);
    }

    static FrameProducer producer(ProducerSettings settings, List<String> inputs) {
        return producer(settings, inputs, 0);
    }

    /** One beside so many given cameras. */
    static FrameProducer producer(ProducerSettings settings, List<String> inputs, int cameras) {
        return new FrameProducer(
                settings, inputs, new SimpleMeterRegistry(), Clock.fixed(NOW, ZoneOffset.UTC), cameras);
    }

    /** Runs a producer to its end while a worker takes so many records at a time, and then the rest. */
    static void runWith(FrameProducer producer, ThrottledWorker worker, int records) {
        finish(CompletableFuture.runAsync(producer::run), worker, records);
    }

    /** The same with a producer that runs already. */
    static void finish(CompletableFuture<Void> running, ThrottledWorker worker, int records) {
        until(() -> {
            worker.take(records);
            return running.isDone();
        });
        running.join();
        until(() -> {
            int before = worker.taken().size();
            worker.take(1000);
            return worker.taken().size() == before
                    && worker.taken().get(before - 1).content() instanceof Heartbeat heartbeat
                    && heartbeat.state().last();
        });
    }

    static void until(BooleanSupplier state) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
