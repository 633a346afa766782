package paseo.frames;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.CameraStatus;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Source;
import paseo.frames.CameraCounts.Drop;

/**
 * One camera, watched by a thread of its own that never gives up: connect, decode, choose, hand on; when the camera
 * goes away, wait and connect again. A publisher's thread codes and sends what was chosen.
 */
final class LiveCamera implements AutoCloseable {
    /** A picture older than this is not looked at any more. */
    static final long STALE_MICROS = 2_000_000;

    private static final Logger log = LoggerFactory.getLogger(LiveCamera.class);
    /** Enough to bridge a hiccup of the publisher; more would only be older. */
    private static final int RING_PLACES = 3;

    private static final Duration LOOK_AROUND = Duration.ofMillis(500);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final CameraTarget target;
    private final int partition;
    private final LiveSink sink;
    private final LiveClock clock;
    private final Consumer<LiveCamera> ready;
    private final CameraCounts counts;
    private final CameraHealth health;
    private final ReconnectPolicy policy;
    private final CameraProbe probe;
    private final Thread thread;
    private final StopSignal stop = new StopSignal();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final FrozenDetector frozen = new FrozenDetector();
    private final LiveSampler sampler = new LiveSampler();
    private final GeometryGuard geometry = new GeometryGuard();
    private final CaptureRing<CapturedPicture> ring = new CaptureRing<>(RING_PLACES, gone -> drop(gone, Drop.OVERRUN));

    private final ProducerSettings settings;
    /** One for each camera: cameras of different sizes would have a shared one start anew at every picture. */
    private final JpegEncoder encoder;

    private final PictureConverter converter = new PictureConverter();
    private boolean encoderClosed;
    private volatile @Nullable CameraStream stream;
    private long nextNumber;

    /** What was sent; guarded by this. */
    private LiveSession session;

    private final Duration quarantine;
    private boolean begun;
    private long lastSentNumber = -1;
    private long lastSentMicros;
    private boolean coding;
    private boolean over;

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
        this.quarantine = quarantine;
        this.target = target;
        this.partition = partition;
        this.settings = settings;
        encoder = new JpegEncoder(settings.jpegQuality());
        this.sink = sink;
        this.clock = clock;
        this.ready = ready;
        counts = new CameraCounts(registry, target.id());
        long now = clock.micros();
        health = new CameraHealth(now);
        policy = new ReconnectPolicy(target.id().hashCode());
        probe = new CameraProbe(target.address());
        session = new LiveSession(now / 1000, source(0, 0, 0));
        lastSentMicros = now;
        thread = new Thread(this::watch, "camera-" + target.id());
        thread.setDaemon(true);
    }

    void start() {
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
        CameraHealth.Now now = health.now();
        // Read last: what is counted as read meanwhile is on its way.
        var dropped = counts.framesDropped();
        long published = counts.framesPublished();
        return new CameraStatus(
                now.state(),
                now.sinceMicros(),
                counts.framesRead(),
                published,
                dropped,
                now.frameRate(),
                now.connections());
    }

    /** Why it is so; empty when all is well. */
    String detail() {
        return health.now().detail();
    }

    private void watch() {
        if (!quarantine.isZero()) {
            lost(
                    "its pictures have crashed this program three times: left alone until " + wallTimeIn(quarantine),
                    true);
            stop.pause(quarantine);
        }
        while (!stop.raised()) {
            boolean unauthorised = false;
            try {
                follow();
            } catch (VideoException e) {
                unauthorised = CameraStream.unauthorised(e);
                lost(e.getMessage(), CameraStream.refused(e));
            } catch (RuntimeException e) {
                // One camera's trouble is never another's.
                log.error("camera {}: unexpected", target.id(), e);
                lost("failed unexpectedly", false);
            }
            awaitReturn(policy.afterFailure(unauthorised), unauthorised);
        }
    }

    /** Follows one connection to its end, which is always an exception unless all is to stop. */
    private void follow() {
        try (CameraStream opened = CameraStream.open(target.address())) {
            stream = opened;
            health.connected(clock.micros());
            frozen.reset();
            while (!stop.raised()) {
                take(opened.next(), opened);
                policy.delivered();
            }
        } finally {
            stream = null;
        }
    }

    private void take(AVFrame picture, CameraStream from) {
        long now = clock.micros();
        counts.read();
        GeometryGuard.Size size = geometry.see(picture.width(), picture.height());
        if (size == GeometryGuard.Size.ODD) {
            counts.dropped(Drop.ODD_SIZE);
            return;
        }
        if (size == GeometryGuard.Size.NEW) {
            sized(source(picture.width(), picture.height(), from.frameRate()), now);
        }
        byte[] luma = BrightnessPoints.of(picture);
        FrozenDetector.Verdict verdict = luma == null ? FrozenDetector.Verdict.MOVING : frozen.see(luma, now);
        if (health.sees(verdict, now)) {
            say();
        }
        long number = nextNumber++;
        double rate = verdict == FrozenDetector.Verdict.MOVING ? rate() : RateControl.FLOOR;
        if (!sampler.takes(now, rate)) {
            counts.dropped(Drop.SAMPLED);
        } else if (sink.behind(partition)) {
            counts.dropped(Drop.WORKERS_BEHIND);
        } else {
            ring.put(CapturedPicture.of(session(), number, now, from.keep(picture), target.region()));
            queue();
        }
    }

    private double rate() {
        return target.fps() > 0 ? Math.min(target.fps(), sink.rate()) : sink.rate();
    }

    private Source source(int width, int height, double frameRate) {
        return new Source(target.id(), Source.Kind.CAMERA, width, height, frameRate, 0, target.retentionSeconds());
    }

    /** Tracks don't go on from one size of the picture to another, so a session has one size. */
    private void sized(Source source, long now) {
        synchronized (this) {
            if (lastSentNumber >= 0 || nextNumber > 0) {
                beat(Heartbeat.State.ENDED, session.epoch(), now);
                session = new LiveSession(Math.max(session.epoch() + 1, now / 1000), source);
                begun = false;
                lastSentNumber = -1;
                lastSentMicros = now;
            } else {
                session = new LiveSession(session.epoch(), source);
            }
        }
        nextNumber = 0;
    }

    private synchronized LiveSession session() {
        return session;
    }

    private void queue() {
        if (queued.compareAndSet(false, true)) {
            ready.accept(this);
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
            publishNamed();
        } finally {
            publisher.setName(name);
        }
    }

    private void publishNamed() {
        CapturedPicture picture;
        synchronized (this) {
            picture = ring.take();
            coding = picture != null;
        }
        if (picture != null) {
            publish(picture);
        }
        queued.set(false);
        if (!ring.isEmpty()) {
            queue();
        }
    }

    private void publish(CapturedPicture picture) {
        try (picture) {
            long left = STALE_MICROS - (clock.micros() - picture.captureMicros());
            if (left < 0) {
                counts.dropped(Drop.WAITED);
            } else {
                // In the machine's time, which may have been set since the start: it is what workers compare with.
                long staleAfter = wallMicros() + left;
                send(picture, encode(picture).ofCamera(staleAfter, target.leastFace()));
            }
        } catch (VideoException e) {
            counts.dropped(Drop.NOT_CODED);
            log.debug("camera {}: {}", target.id(), e.getMessage());
        } finally {
            synchronized (this) {
                coding = false;
            }
        }
    }

    private Image encode(CapturedPicture picture) {
        synchronized (encoder) {
            if (encoderClosed) {
                throw new VideoException("the camera was given up");
            }
            return encoder.encode(
                    new DecodedFrame(
                            picture.picture(),
                            Orientation.UPRIGHT,
                            converter,
                            picture.number(),
                            picture.captureMicros()),
                    settings.maxSide());
        }
    }

    private synchronized void send(CapturedPicture picture, Image image) {
        if (over || picture.session().epoch() != session.epoch()) {
            counts.dropped(Drop.STOPPED);
            return;
        }
        lastSentNumber = picture.number();
        lastSentMicros = picture.captureMicros();
        FrameReference reference = new FrameReference(
                target.id(), session.epoch(), picture.number(), picture.captureMicros(), wallMicros());
        sink.send(partition, new Frame(reference, image), stored -> {
            if (stored) {
                counts.published();
            } else {
                counts.dropped(Drop.KAFKA);
            }
        });
    }

    private void drop(CapturedPicture picture, Drop reason) {
        picture.close();
        counts.dropped(reason);
    }

    /** A sign of life; to be called once a second. */
    void heartbeat() {
        if (health.stillAway(clock.micros())) {
            log.warn("camera {} is down: {}", target.id(), detail());
        }
        synchronized (this) {
            if (!over) {
                long now = clock.micros();
                // What is still to be sent must not be in the past of what was said.
                boolean pending = coding || !ring.isEmpty();
                beat(lifecycle(), session.epoch(), pending ? lastSentMicros : now);
            }
        }
    }

    private Heartbeat.State lifecycle() {
        if (!begun) {
            return Heartbeat.State.STARTED;
        }
        CameraStatus.State state = health.now().state();
        boolean away = state == CameraStatus.State.RECONNECTING || state == CameraStatus.State.DOWN;
        return away ? Heartbeat.State.RECONNECTING : Heartbeat.State.LIVE;
    }

    private void beat(Heartbeat.State state, long epoch, long captureMicros) {
        begun = true;
        Heartbeat heartbeat = new Heartbeat(state, session.source(), detail(), Optional.of(status()));
        FrameReference reference = new FrameReference(target.id(), epoch, lastSentNumber, captureMicros, wallMicros());
        sink.send(partition, new Frame(reference, heartbeat), stored -> {});
    }

    private static Instant wallTimeIn(Duration wait) {
        return Instant.now().plus(wait).truncatedTo(ChronoUnit.SECONDS);
    }

    private static long wallMicros() {
        return System.currentTimeMillis() * 1000;
    }

    private void lost(String reason, boolean refused) {
        if (!stop.raised() && health.lost(reason, refused, clock.micros())) {
            say();
        }
    }

    private void say() {
        CameraHealth.Now now = health.now();
        log.info("camera {} is {} {}", target.id(), now.state(), now.detail());
        heartbeat();
    }

    private void awaitReturn(Duration wait, boolean unauthorised) {
        long until = System.nanoTime() + wait.toNanos();
        boolean probing = !unauthorised && wait.compareTo(LOOK_AROUND) > 0;
        boolean answered = !probing || probe.answers();
        while (!stop.raised() && until - System.nanoTime() > 0) {
            stop.pause(Duration.ofNanos(Math.min(until - System.nanoTime(), LOOK_AROUND.toNanos())));
            if (probing) {
                boolean answers = probe.answers();
                if (answers && !answered) {
                    return;
                }
                answered = answers;
            }
        }
    }

    /** Gives the camera up. What was read and not sent is counted as stopped. */
    @Override
    public void close() {
        stop.raise();
        CameraStream open = stream;
        if (open != null) {
            open.interrupt();
        }
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (over) {
                return;
            }
            for (CapturedPicture left = ring.take(); left != null; left = ring.take()) {
                drop(left, Drop.STOPPED);
            }
            beat(Heartbeat.State.ENDED, session.epoch(), clock.micros());
            over = true;
        }
        synchronized (encoder) {
            encoderClosed = true;
            encoder.close();
        }
    }
}
