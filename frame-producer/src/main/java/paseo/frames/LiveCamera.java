package paseo.frames;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.CameraStatus;
import paseo.frames.CameraCounts.Drop;

/**
 * One camera, watched by a thread of its own that never gives up: connect, decode, choose, hand on; when the camera
 * goes away, wait and connect again. A publisher's thread sends what was chosen: {@link CameraSender}.
 */
final class LiveCamera {
    private static final Logger log = LoggerFactory.getLogger(LiveCamera.class);
    private static final Duration LOOK_AROUND = Duration.ofMillis(500);

    private final CameraTarget target;
    private final int partition;
    private final LiveSink sink;
    private final LiveClock clock;
    private final Consumer<LiveCamera> ready;
    private final Duration quarantine;
    private final MeterRegistry registry;
    private final CameraCounts counts;
    private final CameraHealth health;
    private final CameraSender sender;
    private final ReconnectPolicy policy;
    private final CameraProbe probe;
    private final Thread thread;
    private final StopSignal stop = new StopSignal();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Surprises surprises = new Surprises(log);
    private final FrozenDetector frozen = new FrozenDetector();
    private final ShownPictures shown = new ShownPictures();
    private final LiveSampler sampler = new LiveSampler();
    private final GeometryGuard geometry = new GeometryGuard();
    private volatile @Nullable Gauge up;
    /** Whether the camera was there when it was last asked, or has sent a picture since. */
    private boolean answered = true;

    private long nextNumber;

    /**
     * A camera that is not watched yet.
     *
     * @param ready told when there is something to {@link #publishOne}
     */
    LiveCamera(
            CameraTarget target,
            int partition,
            ProducerSettings settings,
            LiveSink sink,
            LiveClock clock,
            Consumer<LiveCamera> ready,
            MeterRegistry registry) {
        this(target, partition, settings, sink, clock, ready, registry, Duration.ZERO);
    }

    /** @param quarantine how long it is left alone at first */
    LiveCamera(
            CameraTarget target,
            int partition,
            ProducerSettings settings,
            LiveSink sink,
            LiveClock clock,
            Consumer<LiveCamera> ready,
            MeterRegistry registry,
            Duration quarantine) {
        this.target = target;
        this.partition = partition;
        this.sink = sink;
        this.clock = clock;
        this.ready = ready;
        this.quarantine = quarantine;
        this.registry = registry;
        counts = new CameraCounts(registry, target.id());
        health = new CameraHealth(clock.micros());
        sender = new CameraSender(target, partition, settings, sink, clock, counts, health);
        policy = new ReconnectPolicy(target.id().hashCode());
        probe = new CameraProbe(target.address());
        thread = new Thread(this::watch, "camera-" + target.id());
        thread.setDaemon(true);
    }

    void start() {
        up = Gauge.builder("paseo.camera.up", this, LiveCamera::up)
                .tag("camera", target.id())
                .register(registry);
        heartbeat();
        thread.start();
    }

    CameraTarget target() {
        return target;
    }

    int partition() {
        return partition;
    }

    /** How the camera is. */
    CameraStatus status() {
        return counts.status(health.now());
    }

    /** Why it is so; empty when all is well. */
    String detail() {
        return health.now().detail();
    }

    private void watch() {
        leaveAlone();
        while (!stop.raised()) {
            try {
                attempt();
            } catch (Throwable e) {
                failed(e);
                stop.pause(LOOK_AROUND);
            }
        }
    }

    /** One camera's trouble is never another's; and a camera without its thread would be LIVE for ever. */
    private void failed(Throwable unexpected) {
        surprises.log(target.id(), unexpected);
        lost("failed unexpectedly", false);
    }

    private void leaveAlone() {
        if (!quarantine.isZero()) {
            lost(
                    "its pictures have crashed this program three times: left alone until " + wallTimeIn(quarantine),
                    true);
            stop.pause(quarantine);
        }
    }

    private void attempt() {
        boolean unauthorised = false;
        try {
            follow();
        } catch (VideoException e) {
            unauthorised = CameraStream.unauthorised(e);
            lost(e.getMessage(), CameraStream.refused(e));
        } catch (Throwable e) {
            failed(e);
        }
        awaitReturn(policy.afterFailure(unauthorised), unauthorised);
    }

    /** Follows one connection to its end, which is always an exception unless all is to stop. */
    private void follow() {
        try (CameraStream opened = CameraStream.open(target.address(), stop)) {
            health.connected(clock.micros());
            frozen.reset();
            shown.connected();
            while (!stop.raised()) {
                AVFrame picture = opened.next();
                if (opened.shownBefore(picture, shown)) {
                    counts.read();
                    counts.dropped(Drop.SHOWN_BEFORE);
                } else {
                    opened.pace(picture);
                    take(picture, opened);
                    policy.returned();
                    answered = true;
                }
            }
        } finally {
            // What the decoder held is free by now; malloc would keep it for the process's life.
            Pointer.trimMemory();
        }
    }

    private void take(AVFrame picture, CameraStream from) {
        long now = clock.micros();
        counts.read();
        boolean changed = false;
        Optional<Drop> drop;
        try {
            if (belongs(picture, from, now)) {
                byte[] luma = BrightnessPoints.of(picture);
                FrozenDetector.Verdict verdict = luma == null ? FrozenDetector.Verdict.MOVING : frozen.see(luma, now);
                changed = health.sees(verdict, now);
                drop = handOn(picture, from, verdict, now);
            } else {
                drop = Optional.of(Drop.ODD_SIZE);
            }
        } catch (Throwable e) {
            counts.dropped(Drop.NOT_CODED);
            throw e;
        }
        drop.ifPresentOrElse(counts::dropped, this::queue);
        if (changed) {
            // Not before the picture waits: what is said must not be later than what is sent after it.
            say();
        }
    }

    /** Whether a picture is of the camera's size. A session ends where that changes, and where its numbers do. */
    private boolean belongs(AVFrame picture, CameraStream from, long now) {
        GeometryGuard.Size size = geometry.see(picture.width(), picture.height());
        boolean numbersEnd = nextNumber > Integer.MAX_VALUE && size == GeometryGuard.Size.SAME;
        if (size == GeometryGuard.Size.NEW || numbersEnd) {
            sender.sized(picture.width(), picture.height(), from.frameRate(), nextNumber > 0, now);
            nextNumber = 0;
        }
        return size != GeometryGuard.Size.ODD;
    }

    /** Gives why a picture is not handed on; empty if it is. */
    private Optional<Drop> handOn(AVFrame picture, CameraStream from, FrozenDetector.Verdict verdict, long now) {
        long number = nextNumber++;
        double rate = verdict == FrozenDetector.Verdict.MOVING ? rate() : Math.min(rate(), RateControl.FLOOR);
        if (!sampler.takes(now, rate)) {
            return Optional.of(Drop.SAMPLED);
        }
        if (sender.behind()) {
            return Optional.of(Drop.WORKERS_BEHIND);
        }
        sender.put(CapturedPicture.of(sender.session(), number, now, from.keep(picture), target.region()));
        return Optional.empty();
    }

    private double rate() {
        return target.sent(sink.rate());
    }

    private void queue() {
        if (queued.compareAndSet(false, true)) {
            try {
                ready.accept(this);
            } catch (Throwable e) {
                // Without a turn a camera is silent for ever.
                queued.set(false);
                throw e;
            }
        }
    }

    /**
     * Codes and sends the oldest picture that waits; to be called after {@code ready} was told. The thread has the
     * camera's name meanwhile: should FFmpeg crash, {@link CrashReports} reads it.
     */
    void publishOne() {
        Thread publisher = Thread.currentThread();
        String name = publisher.getName();
        publisher.setName(thread.getName());
        try {
            sender.sendOldest();
        } finally {
            publisher.setName(name);
            // Whatever happened to this picture.
            queued.set(false);
            if (sender.waiting()) {
                queue();
            }
        }
    }

    /** A sign of life; to be called once a second. */
    void heartbeat() {
        if (health.stillAway(clock.micros())) {
            log.warn("camera {} is down: {}", target.id(), detail());
        }
        sender.beat();
    }

    private static Instant wallTimeIn(Duration wait) {
        return Instant.now().plus(wait).truncatedTo(ChronoUnit.SECONDS);
    }

    private void lost(String reason, boolean refused) {
        if (!stop.raised() && health.lost(reason, refused, clock.micros())) {
            say();
        }
    }

    /** At once; where that fails, the next sign of life says it. */
    private void say() {
        try {
            CameraHealth.Now now = health.now();
            log.info("camera {} is {} {}", target.id(), now.state(), now.detail());
            heartbeat();
        } catch (Throwable e) {
            surprises.log(target.id(), e);
        }
    }

    private void awaitReturn(Duration wait, boolean unauthorised) {
        long until = System.nanoTime() + wait.toNanos();
        boolean probing = !unauthorised && wait.compareTo(LOOK_AROUND) > 0;
        while (!stop.raised() && until - System.nanoTime() > 0) {
            if (probing && hasReturned()) {
                policy.returned();
                return;
            }
            stop.pause(Duration.ofNanos(Math.max(0, Math.min(until - System.nanoTime(), LOOK_AROUND.toNanos()))));
        }
    }

    /** Also where it came back while an attempt was failing. */
    private boolean hasReturned() {
        boolean answers = probe.answers();
        boolean returned = answers && !answered;
        answered = answers;
        return returned;
    }

    private static double up(LiveCamera camera) {
        return camera.status().state() == CameraStatus.State.LIVE ? 1 : 0;
    }

    /** Has the camera's thread end soon; to be called of all cameras that go before the first is closed. */
    void leave() {
        stop.raise();
    }

    /**
     * Gives the camera up. What was read and not sent is counted as stopped.
     *
     * @param deadline when a thread is no longer waited for that cannot be stopped, as while it looks a name up: of
     *     {@link System#nanoTime}
     */
    void close(long deadline) {
        leave();
        if (up != null) {
            // One that is not watched is not down.
            registry.remove(up);
        }
        try {
            // 0 would be for ever.
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }
}
