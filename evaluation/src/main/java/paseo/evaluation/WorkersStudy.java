package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import paseo.embedded.EmbeddedKafka;
import paseo.evaluation.report.BenchNumbers;
import paseo.events.Topics;
import paseo.inference.Device;

/** What one more inference worker adds: the same waiting frames, looked at by one, two, … workers. */
final class WorkersStudy {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Models and classes are loaded while these are looked at. */
    private static final int WARM_UP = 40;

    private final Path video;
    private final int most;
    private final int frames;
    private final PackOptions packs;
    private int threads = 1;
    private Device device = Device.CPU;

    /**
     * Workers of one thread each, on the processor.
     *
     * @param most workers at most
     * @param frames on each partition
     */
    WorkersStudy(Path video, int most, int frames, PackOptions packs) {
        this.video = video;
        this.most = most;
        this.frames = frames;
        this.packs = packs;
    }

    /**
     * One measurement.
     *
     * @param framesPerSecond of all workers together, once all were warm
     * @param cpuSecondsPerFrame of the workers, starting included
     * @param gpuBusyPercent in which any kernel ran, where there is a graphics processor
     */
    private record Rate(double framesPerSecond, double cpuSecondsPerFrame, OptionalDouble gpuBusyPercent) {}

    /** Workers of so many threads each, whose models that device computes. */
    WorkersStudy with(int number, Device where) {
        threads = number;
        device = where;
        return this;
    }

    /** @param directory for clips and topics */
    void measure(Path directory, BenchNumbers numbers) throws IOException, InterruptedException {
        List<Path> clips = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            Path clip = directory.resolve("clip-" + i + ".mp4");
            // Cameras are told apart by their bytes.
            Clip.write(video, frames + i, clip);
            clips.add(clip);
        }
        double one = Double.NaN;
        for (int workers = 1; workers <= most; workers++) {
            Rate rate = measure(workers, clips, directory);
            one = workers == 1 ? rate.framesPerSecond() : one;
            System.out.printf(
                    Locale.ROOT,
                    "%d workers: %.1f frames/s, %.2f times one worker's; %.1f ms of CPU a frame%s%n",
                    workers,
                    rate.framesPerSecond(),
                    rate.framesPerSecond() / one,
                    1e3 * rate.cpuSecondsPerFrame(),
                    rate.gpuBusyPercent().isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    "; graphics processor busy %.0f %% of the time",
                                    rate.gpuBusyPercent().getAsDouble())
                            : "");
            numbers.put("workers.frames_per_s." + workers, rate.framesPerSecond());
            numbers.put("workers.cpu_ms_per_frame." + workers, 1e3 * rate.cpuSecondsPerFrame());
            numbers.put("workers.gain." + workers, rate.framesPerSecond() / one);
            int number = workers;
            rate.gpuBusyPercent().ifPresent(percent -> numbers.put("workers.gpu_busy_percent." + number, percent));
        }
    }

    private Rate measure(int workers, List<Path> clips, Path directory) throws IOException, InterruptedException {
        List<Process> running = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka-" + workers))) {
            List<String> common =
                    List.of("--kafka", kafka.bootstrapServers(), "--partitions", Integer.toString(clips.size()));
            for (int i = 0; i < clips.size(); i++) {
                publish(clips.get(i), i, common, directory);
            }
            for (int i = 0; i < workers; i++) {
                List<String> arguments = new ArrayList<>(common);
                arguments.addAll(List.of("--threads", Integer.toString(threads), "--device", device.name()));
                arguments.addAll(packs.arguments());
                running.add(start("paseo.inference.Main", arguments, directory.resolve("worker-" + i + ".txt")));
            }
            try (Admin admin =
                    Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
                long all = offsets(admin, Topics.FRAMES.name(), clips.size());
                long first = awaitDetections(admin, clips.size(), (long) WARM_UP * workers, running);
                try (GpuMeter meter = new GpuMeter()) {
                    long start = System.nanoTime();
                    awaitDetections(admin, clips.size(), all, running);
                    double seconds = (System.nanoTime() - start) / 1e9;
                    double cpu = running.stream()
                            .mapToDouble(WorkersStudy::cpuSeconds)
                            .sum();
                    return new Rate((all - first) / seconds, cpu / all, meter.busyPercent());
                }
            }
        } finally {
            for (Process process : running) {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private void publish(Path clip, int partition, List<String> common, Path directory)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(common);
        arguments.addAll(List.of(
                "--partition",
                Integer.toString(partition),
                "--max-lag",
                Integer.toString(2 * (frames + most)),
                clip.toString()));
        Path output = directory.resolve("producer.txt");
        if (start("paseo.frames.Main", arguments, output).waitFor() != 0) {
            throw new IOException("frames could not be published:\n" + Files.readString(output));
        }
    }

    private static Process start(String main, List<String> arguments, Path output) throws IOException {
        return new ProcessBuilder(ChildJvm.command(main, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Waits for so many records and gives how many there were then. */
    private static long awaitDetections(Admin admin, int partitions, long wanted, List<Process> running)
            throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            long found = offsets(admin, Topics.DETECTIONS.name(), partitions);
            if (found >= wanted) {
                return found;
            }
            if (running.stream().anyMatch(process -> !process.isAlive()) || System.nanoTime() > deadline) {
                throw new IOException("a worker has ended or stands still at " + found + " of " + wanted + " frames");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long offsets(Admin admin, String topic, int partitions) throws IOException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(i -> new TopicPartition(topic, i), i -> OffsetSpec.latest()));
        try {
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
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
