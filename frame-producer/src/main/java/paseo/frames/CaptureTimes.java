package paseo.frames;

import java.util.OptionalLong;

/**
 * Turns presentation times as a file has them into capture times that only go forward.
 *
 * <p>A missing time stamp, or a jump far behind the declared end, is replaced by the nominal distance from the frame
 * before. Where time stamps start again (joined recordings) the rest is moved behind what came before. Small steps back
 * and repetitions become one microsecond.
 */
final class CaptureTimes {
    private static final long RESTART_MICROS = 1_000_000;
    private static final long BEYOND_END_MICROS = 10_000_000;

    private final long nominalMicros;
    private final long latestMicros;
    private long last = -1;
    private long shift;
    private long repairs;

    /**
     * @param frameRate frames per second, 0 when unknown
     * @param durationMicros declared length, 0 when unknown
     */
    CaptureTimes(double frameRate, long durationMicros) {
        nominalMicros = frameRate > 0 ? Math.max(1, Math.round(1e6 / frameRate)) : 40_000;
        latestMicros = durationMicros > 0 ? durationMicros + BEYOND_END_MICROS : Long.MAX_VALUE;
    }

    /**
     * The next frame's capture time.
     *
     * @param presentationMicros as the file has it, relative to its start
     */
    long next(OptionalLong presentationMicros) {
        last = following(presentationMicros);
        return last;
    }

    /** How many capture times are not the file's own. */
    long repairs() {
        return repairs;
    }

    private long following(OptionalLong presentation) {
        if (presentation.isEmpty() || unbelievable(presentation.getAsLong())) {
            repairs++;
            return last < 0 ? 0 : last + nominalMicros;
        }
        long time = presentation.getAsLong() + shift;
        if (time > last) {
            return time;
        }
        repairs++;
        if (last < 0) {
            return 0;
        }
        if (last - time > RESTART_MICROS) {
            shift += last + nominalMicros - time;
            return last + nominalMicros;
        }
        return last + 1;
    }

    /** Of joined transport streams only the last part's length is declared: behind the end a jump is what is wrong. */
    private boolean unbelievable(long presentation) {
        return presentation > latestMicros && presentation - Math.max(0, last) > BEYOND_END_MICROS - shift;
    }
}
