package paseo.tracking;

import paseo.events.Box;

/**
 * Where a face is and where it goes: three Kalman filters over the centre and the logarithm of the size. All noise is
 * scaled by the face's size, because a near face crosses the picture faster than a far one, and by the time between
 * frames.
 *
 * @param timeMicros capture time of the estimate
 * @param x of the centre in pixels
 * @param y of the centre in pixels
 * @param logSize natural logarithm of √(width × height)
 * @param logAspect natural logarithm of width over height, smoothed
 */
record Motion(long timeMicros, ScalarFilter x, ScalarFilter y, ScalarFilter logSize, double logAspect) {
    /** A walking head moves up to nine of its widths in a second. */
    private static final double START_SPEED = 4;

    private static final double START_GROWTH = 0.7;
    /** Spectral density of the acceleration, in sizes² per second³. */
    private static final double AGILITY = 15;

    private static final double GROWTH_AGILITY = 0.2;
    /** Standard deviation of a detector's box, in sizes, and never below so many pixels. */
    private static final double JITTER = 0.16;

    private static final double JITTER_PIXELS = 1;
    private static final double SIZE_JITTER = 0.15;
    private static final double ASPECT_SMOOTHING = 0.3;

    static Motion start(long timeMicros, Box box) {
        double size = size(box);
        return new Motion(
                timeMicros,
                ScalarFilter.start(box.centreX(), jitter(size), square(START_SPEED * size)),
                ScalarFilter.start(box.centreY(), jitter(size), square(START_SPEED * size)),
                ScalarFilter.start(Math.log(size), square(SIZE_JITTER), square(START_GROWTH)),
                Math.log(aspect(box)));
    }

    Motion predict(long time) {
        double seconds = (time - timeMicros) / 1e6;
        if (seconds <= 0) {
            return this;
        }
        double agility = AGILITY * square(Math.exp(logSize.value()));
        return new Motion(
                time,
                x.predict(seconds, agility),
                y.predict(seconds, agility),
                logSize.predict(seconds, GROWTH_AGILITY),
                logAspect);
    }

    /** The estimate after seeing the face here, at the time that was predicted to. */
    Motion update(Box box) {
        double size = size(box);
        return new Motion(
                timeMicros,
                x.update(box.centreX(), jitter(size)),
                y.update(box.centreY(), jitter(size)),
                logSize.update(Math.log(size), square(SIZE_JITTER)),
                logAspect + ASPECT_SMOOTHING * (Math.log(aspect(box)) - logAspect));
    }

    /** Squared Mahalanobis distance of a box: about 3 on average for the right one. */
    double distance(Box box) {
        double noise = jitter(size(box));
        return square(box.centreX() - x.value()) / (x.valueVariance() + noise)
                + square(box.centreY() - y.value()) / (y.valueVariance() + noise)
                + square(Math.log(size(box)) - logSize.value()) / (logSize.valueVariance() + square(SIZE_JITTER));
    }

    /**
     * How vague the prediction is: logarithm of the innovation's variances over those of a perfect prediction, 0 when
     * perfect. With {@link #distance} it makes the logarithm of the likelihood, so that a long lost track, to which
     * everything is near, doesn't win against one that knows where it is.
     */
    double vagueness() {
        double noise = jitter(Math.exp(logSize.value()));
        return Math.log(1 + x.valueVariance() / noise)
                + Math.log(1 + y.valueVariance() / noise)
                + Math.log(1 + logSize.valueVariance() / square(SIZE_JITTER));
    }

    Box box() {
        double size = Math.exp(logSize.value());
        double width = size * Math.exp(logAspect / 2);
        double height = size * Math.exp(-logAspect / 2);
        return new Box(
                (float) (x.value() - width / 2), (float) (y.value() - height / 2), (float) width, (float) height);
    }

    private static double jitter(double size) {
        return square(Math.max(JITTER * size, JITTER_PIXELS));
    }

    private static double size(Box box) {
        return Math.sqrt(Math.max(box.area(), 1));
    }

    private static double aspect(Box box) {
        return Math.max(box.width(), 1) / Math.max(box.height(), 1);
    }

    private static double square(double value) {
        return value * value;
    }
}
