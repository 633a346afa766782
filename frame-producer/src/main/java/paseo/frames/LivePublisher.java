package paseo.frames;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Codes and sends the pictures of all cameras on a few threads, one picture of each in turn, so that none has to wait
 * for a busy one; and has every camera give its sign of life once a second.
 */
final class LivePublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LivePublisher.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

    /** In the order of their turns; each camera is in it once at most. */
    private final BlockingQueue<LiveCamera> turns = new LinkedBlockingQueue<>();

    private final Collection<LiveCamera> cameras = ConcurrentHashMap.newKeySet();
    private final StopSignal stop = new StopSignal();
    private final Surprises surprises = new Surprises(log);
    private final List<Thread> threads = new ArrayList<>();

    /** @param publishers threads that code and send */
    LivePublisher(int publishers) {
        for (int i = 0; i < publishers; i++) {
            threads.add(new Thread(this::publish, "frame-publisher-" + i));
        }
        threads.add(new Thread(this::beat, "camera-heartbeats"));
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** A camera has something to send. */
    void ready(LiveCamera camera) {
        turns.add(camera);
    }

    /** Begins to watch a camera. */
    void add(LiveCamera camera) {
        cameras.add(camera);
        camera.start();
    }

    /** Ends them. */
    void remove(Collection<LiveCamera> leaving) {
        // All are told before the first is waited for: one that is stuck takes no time that others need.
        leaving.forEach(LiveCamera::leave);
        cameras.removeAll(leaving);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        leaving.parallelStream().forEach(camera -> camera.close(deadline));
    }

    private void publish() {
        while (!stop.raised()) {
            LiveCamera camera = null;
            try {
                camera = next();
                if (camera != null) {
                    camera.publishOne();
                }
            } catch (Throwable e) {
                // Even an Error: without this thread nobody's pictures are sent.
                surprises.log(camera == null ? "no camera" : camera.target().id(), e);
            }
        }
    }

    private @Nullable LiveCamera next() {
        try {
            return turns.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.raise();
            return null;
        }
    }

    private void beat() {
        long due = System.nanoTime();
        while (!stop.raised()) {
            due = nextBeat(due, System.nanoTime());
            stop.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            for (LiveCamera camera : cameras) {
                beat(camera);
            }
        }
    }

    /** A second after the last one; those that a pause of the machine has kept from their time are left out. */
    static long nextBeat(long last, long nowNanos) {
        long next = last + HEARTBEAT.toNanos();
        return next - nowNanos > 0 ? next : nowNanos;
    }

    private void beat(LiveCamera camera) {
        try {
            if (!stop.raised()) {
                camera.heartbeat();
            }
        } catch (Throwable e) {
            // Even an Error: the others have their signs of life to give.
            surprises.log(camera.target().id(), e);
        }
    }

    /** Ends all cameras at once, then the threads. */
    @Override
    public void close() {
        remove(List.copyOf(cameras));
        stop.raise();
        for (Thread thread : threads) {
            try {
                thread.join(STOP_LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
