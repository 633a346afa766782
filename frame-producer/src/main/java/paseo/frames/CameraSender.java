package paseo.frames;

import java.util.Optional;
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
 * What one camera sends, in sessions: pictures that wait their turn, are coded and go out, and signs of life between
 * them that are never ahead of a picture. The camera's thread brings pictures, a publisher's takes them; thread-safe.
 */
final class CameraSender implements AutoCloseable {
    /** A picture older than this is not looked at any more. */
    static final long STALE_MICROS = 2_000_000;

    private static final Logger log = LoggerFactory.getLogger(CameraSender.class);
    /** Enough to bridge a hiccup of the publisher; more would only be older. */
    private static final int RING_PLACES = 3;

    private final CameraTarget target;
    private final int partition;
    private final int maxSide;
    private final LiveSink sink;
    private final LiveClock clock;
    private final CameraCounts counts;
    private final CameraHealth health;
    private final CaptureRing<CapturedPicture> ring = new CaptureRing<>(RING_PLACES, gone -> drop(gone, Drop.OVERRUN));

    /** One for each camera: cameras of different sizes would have a shared one start anew at every picture. */
    private final JpegEncoder encoder;

    private final PictureConverter converter = new PictureConverter();
    private final StillPictures stillness = new StillPictures();
    private boolean encoderClosed;
    /** Session of the pictures that were compared with each other. */
    private long stillEpoch;

    /** Whether a picture was lost after it was compared with those before it. */
    private volatile boolean lost;

    /** What was sent; guarded by this, as all that follows. */
    private LiveSession session;

    private boolean begun;
    private long lastSentNumber = -1;
    private long lastSentMicros;
    private boolean coding;
    private boolean over;

    /** A camera that has sent nothing yet. */
    CameraSender(
            CameraTarget target,
            int partition,
            ProducerSettings settings,
            LiveSink sink,
            LiveClock clock,
            CameraCounts counts,
            CameraHealth health) {
        this.target = target;
        this.partition = partition;
        this.sink = sink;
        this.clock = clock;
        this.counts = counts;
        this.health = health;
        maxSide = settings.maxSide();
        encoder = new JpegEncoder(settings.jpegQuality());
        long now = clock.micros();
        session = new LiveSession(now / 1000, source(0, 0, 0));
        lastSentMicros = now;
    }

    private Source source(int width, int height, double frameRate) {
        return new Source(target.id(), Source.Kind.CAMERA, width, height, frameRate, 0, target.retentionSeconds());
    }

    synchronized LiveSession session() {
        return session;
    }

    /**
     * From now on pictures have this size. Tracks don't go on from one size to another, so a session has one.
     *
     * @param frameRate pictures a second as the camera says it, 0 when unknown
     * @param shown whether there were pictures in this session
     */
    synchronized void sized(int width, int height, double frameRate, boolean shown, long now) {
        Source source = source(width, height, frameRate);
        if (!shown) {
            session = new LiveSession(session.epoch(), source);
            return;
        }
        beat(Heartbeat.State.ENDED, now);
        session = new LiveSession(Math.max(session.epoch() + 1, now / 1000), source);
        begun = false;
        lastSentNumber = -1;
        lastSentMicros = now;
    }

    /** Whether the workers are so far behind that what comes now would be stale. */
    boolean behind() {
        return sink.behind(partition);
    }

    /** Has a picture wait for its turn; the oldest one goes where there are too many. */
    void put(CapturedPicture picture) {
        ring.put(picture);
    }

    /** Whether a picture waits. */
    boolean waiting() {
        return !ring.isEmpty();
    }

    /** Codes and sends the oldest picture that waits, if any. */
    void sendOldest() {
        CapturedPicture picture;
        synchronized (this) {
            picture = ring.take();
            coding = picture != null;
        }
        if (picture != null) {
            publish(picture);
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
        } catch (RuntimeException | Error e) {
            counts.dropped(Drop.NOT_CODED);
            throw e;
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
            Image image = encoder.encode(
                    new DecodedFrame(
                            picture.picture(),
                            Orientation.UPRIGHT,
                            converter,
                            picture.number(),
                            picture.captureMicros()),
                    maxSide);
            if (lost || picture.session().epoch() != stillEpoch) {
                lost = false;
                stillEpoch = picture.session().epoch();
                stillness.forget();
            }
            return image.still(stillness.still(BrightnessPoints.of(picture.picture())));
        }
    }

    private synchronized void send(CapturedPicture picture, Image image) {
        if (over || picture.session().epoch() != session.epoch()) {
            counts.dropped(Drop.STOPPED);
            return;
        }
        lastSentNumber = picture.number();
        lastSentMicros = picture.captureMicros();
        long age = clock.micros() - lastSentMicros;
        sink.send(partition, new Frame(lastSent(lastSentMicros), image), age, stored -> {
            if (stored) {
                counts.published();
            } else {
                lost = true;
                counts.dropped(Drop.KAFKA);
            }
        });
    }

    private void drop(CapturedPicture picture, Drop reason) {
        picture.close();
        counts.dropped(reason);
    }

    /** Sends a sign of life, with how the camera is. */
    synchronized void beat() {
        if (!over) {
            long now = clock.micros();
            // What is still to be sent must not be in the past of what was said.
            beat(lifecycle(), coding || waiting() ? lastSentMicros : now);
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

    private void beat(Heartbeat.State state, long captureMicros) {
        begun = true;
        CameraHealth.Now now = health.now();
        Heartbeat heartbeat = new Heartbeat(state, session.source(), now.detail(), Optional.of(counts.status(now)));
        sink.send(partition, new Frame(lastSent(captureMicros), heartbeat), 0, stored -> {});
    }

    private FrameReference lastSent(long captureMicros) {
        return new FrameReference(target.id(), session.epoch(), lastSentNumber, captureMicros, wallMicros());
    }

    private static long wallMicros() {
        return System.currentTimeMillis() * 1000;
    }

    /** Ends the session. What waits is counted as stopped. */
    @Override
    public void close() {
        synchronized (this) {
            if (over) {
                return;
            }
            for (CapturedPicture left = ring.take(); left != null; left = ring.take()) {
                drop(left, Drop.STOPPED);
            }
            beat(Heartbeat.State.ENDED, clock.micros());
            over = true;
        }
        synchronized (encoder) {
            encoderClosed = true;
            encoder.close();
            converter.close();
        }
    }
}
