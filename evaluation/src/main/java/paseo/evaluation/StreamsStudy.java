package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import paseo.embedded.EmbeddedKafka;
import paseo.evaluation.report.BenchNumbers;
import paseo.events.Detections;
import paseo.events.SequenceEvent;
import paseo.events.Topics;
import paseo.tracking.Tracker;
import paseo.tracking.TrackerParameters;
import paseo.tracking.TrackerStreams;

/**
 * What the tracker service digests, exactly once: made-up detections that wait in Kafka. And what the same records cost
 * in a loop that only reads, follows and writes them.
 */
final class StreamsStudy {
    private static final int PARTITIONS = 4;
    /** Of the records; while classes are loaded and compiled. */
    private static final double WARM_UP = 1 / 3.0;

    private static final int WINDOWS = 4;
    /** Enough to be compiled, few enough to lie in memory. */
    private static final int BARE_RECORDS = 4_000;

    private static final int BARE_CAMERAS = 10;
    private static final int BARE_ROUNDS = 6;

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final int records;
    private final Path directory;
    private final BenchNumbers numbers;

    /** @param records of all cameras together; a third of them warm the service up */
    StreamsStudy(int records, Path directory, BenchNumbers numbers) {
        this.records = records;
        this.directory = directory;
        this.numbers = numbers;
    }

    /** With so many cameras, then so many. */
    void measure(List<Integer> cameras) throws IOException, InterruptedException {
        Map<Integer, Rate> rates = new LinkedHashMap<>();
        for (int number : cameras) {
            Rate rate = measure(number, directory.resolve("cameras-" + number));
            rates.put(number, rate);
            System.out.printf(Locale.ROOT, "%d cameras: %,.0f detections per second and core%n", number, rate.all());
        }
        Rate least = rates.values().stream()
                .min(Comparator.comparingDouble(Rate::all))
                .orElseThrow();
        put("streams.detections_per_core_s", least);
        rates.forEach((number, rate) -> put("streams.detections_per_core_s_by_cameras." + number, rate));
        double bare = bareSeconds();
        numbers.put("streams.bare_detections_per_core_s", 1 / bare);
        // Of the cheapest stretch and the cheapest round: what else the machine does can only add.
        numbers.put("streams.cpu_ratio", 1 / least.most() / bare, 1 / least.most() / bare, 1 / least.least() / bare);
    }

    private void put(String path, Rate rate) {
        numbers.put(path, rate.all(), rate.least(), rate.most());
    }

    /**
     * Records per second of the service's CPU.
     *
     * @param all of the whole time
     * @param least of its stretches
     * @param most of its stretches
     */
    private record Rate(double all, double least, double most) {}

    /** CPU seconds of a record in this thread, compiled: the least of some rounds. */
    private static double bareSeconds() {
        List<byte[]> encoded = new ArrayList<>();
        MadeUpDetections detections = new MadeUpDetections();
        for (int number = -1; encoded.size() < BARE_RECORDS; number++) {
            for (int camera = 0; camera < BARE_CAMERAS; camera++) {
                encoded.add(Topics.DETECTIONS.codec().encode(detections.of("camera-" + camera, number)));
            }
        }
        double least = Double.POSITIVE_INFINITY;
        long bytes = 0;
        for (int round = 0; round < BARE_ROUNDS; round++) {
            double start = CpuClock.threadSeconds();
            Map<String, Tracker> trackers = new HashMap<>();
            for (byte[] record : encoded) {
                Detections read = Topics.DETECTIONS.codec().decode(record);
                Tracker tracker = trackers.computeIfAbsent(
                        read.reference().camera(),
                        camera -> new Tracker(camera, read.reference().epoch(), TrackerParameters.standard()));
                for (SequenceEvent event : tracker.accept(read)) {
                    bytes += Topics.SEQUENCES.codec().encode(event).length;
                }
            }
            least = Math.min(least, (CpuClock.threadSeconds() - start) / encoded.size());
        }
        if (bytes == 0) {
            throw new IllegalStateException("the tracker found nobody");
        }
        return least;
    }

    private Rate measure(int cameras, Path directory) throws IOException, InterruptedException {
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
            List<Double> stretches = new ArrayList<>();
            long warm = await(admin, (long) (WARM_UP * all), tracker);
            double warmCpu = cpuSeconds(tracker);
            long first = warm;
            double before = warmCpu;
            for (int window = 1; window <= WINDOWS; window++) {
                double share = WARM_UP + (1 - WARM_UP) * window / WINDOWS;
                long last = await(admin, window == WINDOWS ? all : (long) (share * all), tracker);
                double now = cpuSeconds(tracker);
                if (last > first && now > before) {
                    stretches.add((last - first) / (now - before));
                }
                first = last;
                before = now;
            }
            return new Rate(
                    (first - warm) / (before - warmCpu), Collections.min(stretches), Collections.max(stretches));
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
