package paseo.frames;

/** Chooses pictures of a live camera, evenly and as many a second as it may send at the moment. */
final class LiveSampler {
    /** Share of the distance that a picture may be early, so that a camera at just that rate keeps every picture. */
    private static final double EARLY = 0.25;

    /**
     * Pictures that come in a bunch, as over a busy network, may make up for so much of the pause before: a camera that
     * makes fewer than it may send keeps them.
     */
    private static final long BUNCH_MICROS = 200_000;

    /** But none comes closer to the one before: whoever follows faces divides by the time between. */
    private static final long CLOSEST_MICROS = (long) ((1 - EARLY) * 1e6 / RateControl.MOST);

    private static final long NEVER = Long.MIN_VALUE / 2;

    /** When the last picture was due. */
    private long last = NEVER;

    private long taken = NEVER;

    /**
     * Whether a picture is taken. To be asked for every picture in order.
     *
     * @param rate pictures a second, above 0; may be another one at each call
     */
    boolean takes(long captureMicros, double rate) {
        long distance = (long) (1e6 / rate);
        long late = captureMicros - last - distance;
        if (late < -EARLY * distance || captureMicros - taken < CLOSEST_MICROS) {
            return false;
        }
        last = last == NEVER
                ? captureMicros
                : Math.max(last + distance, captureMicros - Math.max(BUNCH_MICROS, distance));
        taken = captureMicros;
        return true;
    }
}
