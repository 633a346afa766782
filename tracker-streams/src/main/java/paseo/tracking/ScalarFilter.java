package paseo.tracking;

/**
 * Kalman filter of one quantity that moves at nearly constant velocity.
 *
 * @param value estimate
 * @param velocity change per second
 * @param valueVariance of the estimate
 * @param covariance between value and velocity
 * @param velocityVariance of the velocity
 */
record ScalarFilter(double value, double velocity, double valueVariance, double covariance, double velocityVariance) {

    static ScalarFilter start(double value, double valueVariance, double velocityVariance) {
        return new ScalarFilter(value, 0, valueVariance, 0, velocityVariance);
    }

    /**
     * The estimate some time later. White noise on the acceleration with spectral density {@code noise}: the integrals
     * hold for any step, so frames may come at any rate.
     */
    ScalarFilter predict(double seconds, double noise) {
        double t = seconds;
        return new ScalarFilter(
                value + velocity * t,
                velocity,
                valueVariance + 2 * t * covariance + t * t * velocityVariance + noise * t * t * t / 3,
                covariance + t * velocityVariance + noise * t * t / 2,
                velocityVariance + noise * t);
    }

    ScalarFilter update(double measured, double variance) {
        double spread = valueVariance + variance;
        double gain = valueVariance / spread;
        double velocityGain = covariance / spread;
        double surprise = measured - value;
        return new ScalarFilter(
                value + gain * surprise,
                velocity + velocityGain * surprise,
                (1 - gain) * valueVariance,
                (1 - gain) * covariance,
                velocityVariance - velocityGain * covariance);
    }
}
