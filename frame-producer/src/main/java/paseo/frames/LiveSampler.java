package paseo.frames;

/** Chooses pictures of a live camera, evenly and as many a second as it may send at the moment. */
final class LiveSampler {
    /** Share of the distance that a picture may be early, so that a camera at just that rate keeps every picture. */
    private static final double EARLY = 0.25;

    private static final long NEVER = Long.MIN_VALUE / 2;

    /** When the last picture was due. */
    private long last = NEVER;

    /**
     * Whether a picture is taken. To be asked for every picture in order.
     *
     * @param rate pictures a second, above 0; may be another one at each call
     */
    boolean takes(long captureMicros, double rate) {
        double distance = 1e6 / rate;
        double late = captureMicros - last - distance;
        if (late < -EARLY * distance) {
            return false;
        }
        last = late > distance ? captureMicros : last + (long) distance;
        return true;
    }
}
