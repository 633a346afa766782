package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.CameraStatus;
import paseo.events.Frame;
import paseo.testing.rtsp.Fault;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/**
 * Eight cameras that come and go: memory, threads and descriptors stay where they are, and every picture is accounted
 * for. Half a minute, or as long as {@code -Dpaseo.soak.seconds=5400} says; then as CONTRIBUTING.md starts it: with a
 * heap that is there from the start, one compiler that is soon done and compiles early, and one arena of malloc,
 * because what those still take after half an hour is not what is measured, and with malloc set as {@code ./paseo
 * watch} sets it.
 */
@Tag("fault")
@Tag("load")
class CameraSoakTest {
    private static final Logger log = LoggerFactory.getLogger(CameraSoakTest.class);
    private static final int CAMERAS = 8;
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("paseo.soak.seconds", 30));
    /** From here on what memory does is more than a start's noise. */
    private static final Duration LONG = Duration.ofMinutes(30);

    /** Between two looks. */
    private static final Duration STRETCH = Duration.ofMinutes(1);

    /** A look lasts so long, since pictures that are held at the moment come and go within it. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration FLAP = Duration.ofMillis(2_500);
    private static final Fault[] FLAPS = {
        Fault.NONE, Fault.DROP, Fault.RESET, Fault.CORRUPT_PICTURES, Fault.CORRUPT_PARAMETERS, Fault.GARBAGE
    };

    /** What the process holds. */
    private record Held(long residentKib, long threads, long descriptors) {
        /** The least of memory in a while. */
        static Held during(Duration length) throws IOException {
            long end = System.nanoTime() + length.toNanos();
            Held least = now();
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(20_000_000);
                Held now = now();
                least = now.residentKib < least.residentKib ? now : least;
            }
            return least;
        }

        static Held now() throws IOException {
            Path self = Path.of("/proc/self");
            return new Held(status(self, "VmRSS:"), status(self, "Threads:"), count(self.resolve("fd")));
        }

        private static long status(Path self, String name) throws IOException {
            return Files.readAllLines(self.resolve("status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }

        private static long count(Path directory) throws IOException {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.count();
            }
        }
    }

    @Test
    @DisplayName("cameras that flap for long leave nothing behind, and no picture is uncounted")
    void leavesNothingBehind() throws IOException {
        H264Clip clip = LabClips.moving(160, 120);
        Random random = new Random(9);
        List<LabCamera> labs = new ArrayList<>();
        List<LiveCamera> cameras = new ArrayList<>();
        Held before = Held.now();
        try (LivePublisher publisher = new LivePublisher(2)) {
            for (int i = 0; i < CAMERAS; i++) {
                labs.add(new LabCamera(clip));
                cameras.add(camera("soak-" + i, labs.get(i), publisher));
                publisher.add(cameras.get(i));
            }
            soak(labs, cameras, random);
        } finally {
            for (LabCamera lab : labs) {
                lab.close();
            }
        }
        assertThat(cameras).allSatisfy(camera -> {
            CameraStatus status = camera.status();
            assertThat(status.framesRead()).isPositive();
            assertThat(status.framesPublished() + status.dropped())
                    .as("%s", status)
                    .isEqualTo(status.framesRead());
        });
        WatchedCamera.until(
                () -> held().threads() <= before.threads() + 2 && held().descriptors() <= before.descriptors() + 2,
                Duration.ofSeconds(20),
                () -> "threads and descriptors of " + before + " but " + held());
    }

    /**
     * Flaps the cameras for the whole length. Between stretches, when all are there on new connections, it looks at
     * what the process holds: while some are away that says how many are. Only looks in the second half count.
     */
    private static void soak(List<LabCamera> labs, List<LiveCamera> cameras, Random random) throws IOException {
        long begin = System.nanoTime();
        long end = begin + LENGTH.toNanos();
        List<Held> looks = new ArrayList<>();
        List<Double> hours = new ArrayList<>();
        for (long now = begin; now < end; now = System.nanoTime()) {
            flap(labs, random, Math.min(now + STRETCH.toNanos(), end));
            calm(labs, cameras);
            long passed = System.nanoTime() - begin;
            Held look = Held.during(LOOK);
            log.info("after {} s {}", passed / 1_000_000_000, look);
            if (passed > LENGTH.toNanos() / 2) {
                looks.add(look);
                hours.add(passed / 3.6e12);
            }
        }
        if (LENGTH.compareTo(LONG) >= 0) {
            Slope slope = Slope.of(
                    hours,
                    looks.stream().map(held -> held.residentKib() / 1024.0).toList());
            log.info("resident memory grows by {}", slope);
            assertThat(slope.perHour()).as("MiB an hour").isLessThan(1);
        }
    }

    private static void flap(List<LabCamera> labs, Random random, long until) {
        while (System.nanoTime() < until) {
            labs.get(random.nextInt(CAMERAS)).fault(FLAPS[random.nextInt(FLAPS.length)]);
            labs.get(random.nextInt(CAMERAS)).fault(Fault.NONE);
            LockSupport.parkNanos(FLAP.toNanos() / CAMERAS);
        }
    }

    /**
     * Ends all connections and faults, and waits until each camera has delivered for a second: what a connection holds
     * depends on what it has been through, damaged pictures of other sizes perhaps.
     */
    private static void calm(List<LabCamera> labs, List<LiveCamera> cameras) {
        for (LabCamera lab : labs) {
            lab.fault(Fault.DROP);
        }
        WatchedCamera.until(
                () -> labs.stream().allMatch(lab -> lab.watchers() == 0),
                Duration.ofSeconds(90),
                () -> "no connection left");
        for (LabCamera lab : labs) {
            lab.fault(Fault.NONE);
        }
        long[] read = cameras.stream()
                .mapToLong(camera -> camera.status().framesRead())
                .toArray();
        WatchedCamera.until(
                () -> IntStream.range(0, CAMERAS)
                        .mapToObj(i -> cameras.get(i).status())
                        .allMatch(status -> status.state() == CameraStatus.State.LIVE),
                Duration.ofSeconds(90),
                () -> "all cameras live");
        WatchedCamera.until(
                () -> IntStream.range(0, CAMERAS)
                        .allMatch(i -> cameras.get(i).status().framesRead() >= read[i] + (long) LabClips.FPS),
                Duration.ofSeconds(90),
                () -> "pictures of all cameras");
    }

    /** A straight line through looks, by least squares, with the standard error of its slope. */
    private record Slope(double perHour, double error) {
        static Slope of(List<Double> hours, List<Double> mib) {
            double meanX = mean(hours);
            double meanY = mean(mib);
            double sumXy = 0;
            double sumXx = 0;
            for (int i = 0; i < hours.size(); i++) {
                sumXy += (hours.get(i) - meanX) * (mib.get(i) - meanY);
                sumXx += (hours.get(i) - meanX) * (hours.get(i) - meanX);
            }
            double slope = sumXy / sumXx;
            double squares = 0;
            for (int i = 0; i < hours.size(); i++) {
                double off = mib.get(i) - meanY - slope * (hours.get(i) - meanX);
                squares += off * off;
            }
            return new Slope(slope, Math.sqrt(squares / (hours.size() - 2) / sumXx));
        }

        private static double mean(List<Double> values) {
            return values.stream().mapToDouble(value -> value).average().orElseThrow();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f MiB an hour, standard error %.2f", perHour, error);
        }
    }

    private static LiveCamera camera(String id, LabCamera lab, LivePublisher publisher) {
        LiveSink nowhere = new LiveSink() {
            @Override
            public void send(int partition, Frame frame, long ageMicros, Consumer<Boolean> done) {
                done.accept(true);
            }

            @Override
            public double rate() {
                return RateControl.MOST;
            }

            @Override
            public boolean behind(int partition) {
                return false;
            }
        };
        return new LiveCamera(
                new CameraTarget(id, new CameraAddress(lab.url()), 0, 0, Optional.empty(), 0),
                0,
                ProducerSettings.of("localhost:1"),
                nowhere,
                new LiveClock(),
                publisher::ready,
                new SimpleMeterRegistry());
    }

    private static Held held() {
        try {
            return Held.now();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
