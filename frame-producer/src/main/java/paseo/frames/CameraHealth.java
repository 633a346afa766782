package paseo.frames;

import java.time.Duration;
import paseo.events.CameraStatus.State;

/** How a camera is, from what happens to it. A function of its input; thread-safe. */
final class CameraHealth {
    /** Away for so long, a camera is down and not just interrupted. */
    static final Duration INTERRUPTION = Duration.ofSeconds(10);

    private static final long RATE_MICROS = 2_000_000;

    /**
     * How it is at a moment.
     *
     * @param state the state
     * @param sinceMicros since when
     * @param detail why, empty when all is well
     * @param frameRate pictures a second lately
     * @param connections made so far
     */
    record Now(State state, long sinceMicros, String detail, double frameRate, long connections) {}

    private State state = State.RECONNECTING;
    private long since;
    private String detail = CameraReport.NOT_CONNECTED_YET;
    private long away;
    private long connections;
    private long windowStart;
    private int windowCount;
    private double frameRate;

    CameraHealth(long nowMicros) {
        since = nowMicros;
        away = nowMicros;
    }

    synchronized Now now() {
        return new Now(state, since, detail, frameRate, connections);
    }

    synchronized void connected(long nowMicros) {
        connections++;
        windowStart = nowMicros;
        windowCount = 0;
    }

    /**
     * A picture came.
     *
     * @return whether the state is another one now
     */
    synchronized boolean sees(FrozenDetector.Verdict verdict, long nowMicros) {
        windowCount++;
        if (nowMicros - windowStart >= RATE_MICROS) {
            frameRate = windowCount * 1e6 / (nowMicros - windowStart);
            windowStart = nowMicros;
            windowCount = 0;
        }
        boolean moving = verdict == FrozenDetector.Verdict.MOVING;
        detail = verdict.words();
        return becomes(moving ? State.LIVE : State.FROZEN, nowMicros);
    }

    /**
     * The connection is over or was not made.
     *
     * @param refused whether the camera is there and says no
     * @return whether the state is another one now
     */
    synchronized boolean lost(String reason, boolean refused, long nowMicros) {
        if (state == State.LIVE || state == State.FROZEN) {
            away = nowMicros;
        }
        detail = reason;
        frameRate = 0;
        boolean down = refused || nowMicros - away >= INTERRUPTION.toNanos() / 1000;
        return becomes(down ? State.DOWN : State.RECONNECTING, nowMicros);
    }

    /** Time goes by without a connection. */
    synchronized boolean stillAway(long nowMicros) {
        return state == State.RECONNECTING
                && nowMicros - away >= INTERRUPTION.toNanos() / 1000
                && becomes(State.DOWN, nowMicros);
    }

    private boolean becomes(State next, long nowMicros) {
        if (state == next) {
            return false;
        }
        state = next;
        since = nowMicros;
        return true;
    }
}
