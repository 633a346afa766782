package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import paseo.events.CameraStatus;
import paseo.events.CameraStatus.State;
import paseo.events.Region;

/** A camera under test with a publisher and a sink of its own. */
final class WatchedCamera implements AutoCloseable {
    static final String ID = "lab";
    static final int LEAST_FACE = 48;
    static final long RETENTION = 3600;
    private static final int SLACK = 3;

    final RecordedFrames frames = new RecordedFrames();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final LiveCamera camera;
    private final LivePublisher publisher = new LivePublisher(1);
    private final long begin = System.nanoTime();

    WatchedCamera(String url) {
        this(url, Optional.empty());
    }

    WatchedCamera(String url, Optional<Region> region) {
        this(url, region, new LiveClock());
    }

    WatchedCamera(String url, Optional<Region> region, LiveClock clock) {
        this(url, region, clock, Duration.ZERO);
    }

    WatchedCamera(String url, Optional<Region> region, LiveClock clock, Duration quarantine) {
        camera = new LiveCamera(
                new CameraTarget(ID, new CameraAddress(url), 0, LEAST_FACE, region, RETENTION),
                0,
                ProducerSettings.of("localhost:1"),
                frames,
                clock,
                publisher::ready,
                meters,
                quarantine);
        publisher.add(camera);
    }

    CameraStatus status() {
        return camera.status();
    }

    State state() {
        return status().state();
    }

    /** Waits until the camera is in a state; gives how long that took. */
    Duration await(State state, Duration limit) {
        return await(() -> state() == state, limit, "camera is " + state);
    }

    /**
     * Waits until the camera is live for the first time.
     *
     * @return how much longer than on an idle machine things may take on this one: a few times as long as that took
     */
    Duration awaitFirst(Duration limit) {
        await(State.LIVE, limit);
        return Duration.ofNanos(System.nanoTime() - begin).multipliedBy(SLACK);
    }

    /** Waits until so many more pictures were published. */
    Duration awaitPictures(long more, Duration limit) {
        long goal = frames.images(ID).size() + more;
        return await(() -> frames.images(ID).size() >= goal, limit, more + " more pictures");
    }

    Duration await(BooleanSupplier condition, Duration limit, String what) {
        return until(condition, limit, () -> what + ", but is " + status() + " " + camera.detail());
    }

    static Duration until(BooleanSupplier condition, Duration limit, Supplier<String> what) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(limit);
            LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Every picture read is accounted for; to be asked after {@link #stop}. */
    void assertNothingUncounted() {
        CameraStatus status = status();
        assertThat(status.framesPublished() + status.dropped()).as("%s", status).isEqualTo(status.framesRead());
        assertThat(sum("paseo.frames.read")).isEqualTo(status.framesRead());
        assertThat(sum("paseo.frames.published")).isEqualTo(status.framesPublished());
        assertThat(sum("paseo.frames.dropped")).isEqualTo(status.dropped());
        assertThat(frames.images(ID)).hasSize((int) status.framesPublished());
    }

    private long sum(String name) {
        return (long) meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Gives the camera up; what was read is then counted. */
    void stop() {
        publisher.close();
    }

    @Override
    public void close() {
        stop();
    }
}
