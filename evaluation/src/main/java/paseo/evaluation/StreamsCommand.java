package paseo.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Detections;
import paseo.events.Topics;
import paseo.tracking.TrackerStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the tracker service digests, exactly once: made-up detections of 1, 10 and 100 cameras that wait in Kafka. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description = {
            "Records of detections, two people in each, that the tracker service takes per second of its CPU, of 1, 10",
            "and 100 cameras, exactly once on an embedded broker whose own CPU is not counted. Linux only."
        })
final class StreamsCommand implements Callable<Integer> {
    private static final int PARTITIONS = 4;
    private static final int[] CAMERAS = {1, 10, 100};
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @Option(
            names = "--records",
            defaultValue = "60000",
            description = "Of all cameras together; a third of them warm the service up. Default: ${DEFAULT-VALUE}.")
    private int records;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paseo-bench");
        try {
            Map<String, Double> rates = new LinkedHashMap<>();
            for (int cameras : CAMERAS) {
                double rate = measure(cameras, directory.resolve("cameras-" + cameras));
                rates.put(Integer.toString(cameras), rate);
                System.out.printf(Locale.ROOT, "%d cameras: %,.0f detections per second and core%n", cameras, rate);
            }
            if (json != null) {
                ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
                Files.writeString(
                        json, mapper.writeValueAsString(Map.of("streams.detections_per_core_s", rates)) + "\n");
            }
            return 0;
        } finally {
            Directories.delete(directory);
        }
    }

    private double measure(int cameras, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Process tracker = null;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            Topics.prepare(admin, PARTITIONS);
            long all = publish(cameras, kafka.bootstrapServers());
            tracker = new ProcessBuilder(ChildJvm.command(
                            "paseo.tracking.Main",
                            List.of(
                                    "--kafka",
                                    kafka.bootstrapServers(),
                                    "--state-dir",
                                    directory.resolve("state").toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("tracker.txt").toFile())
                    .start();
            long first = await(admin, all / 3, tracker);
            double warm = cpuSeconds(tracker);
            long last = await(admin, all, tracker);
            return (last - first) / (cpuSeconds(tracker) - warm);
        } finally {
            if (tracker != null) {
                tracker.destroy();
                tracker.waitFor();
            }
        }
    }

    /** A camera's records lie on one partition, those of all cameras in turns, as they come from cameras. */
    private long publish(int cameras, String servers) {
        MadeUpDetections detections = new MadeUpDetections();
        try (KafkaProducer<String, Detections> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.DETECTIONS.maxMessageBytes(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        20),
                new StringSerializer(),
                Topics.DETECTIONS.codec().serializer())) {
            long sent = 0;
            for (int number = -1; sent < records; number++) {
                for (int camera = 0; camera < cameras; camera++, sent++) {
                    String name = "camera-" + camera;
                    // What was not stored shows in the count that is waited for.
                    var unused = producer.send(new ProducerRecord<>(
                            Topics.DETECTIONS.name(), camera % PARTITIONS, name, detections.of(name, number)));
                }
            }
            return sent;
        }
    }

    /** Waits until so many records are committed and gives how many were then. */
    private static long await(Admin admin, long wanted, Process tracker) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            long done = committed(admin);
            if (done >= wanted) {
                return done;
            }
            if (!tracker.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the tracker has ended or stands still at " + done + " of " + wanted);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long committed(Admin admin) throws IOException {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(TrackerStreams.APPLICATION)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            return offsets.values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the tracker's progress cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static double cpuSeconds(Process process) {
        return process.info()
                .totalCpuDuration()
                .map(time -> time.toNanos() / 1e9)
                .orElse(0.0);
    }
}
