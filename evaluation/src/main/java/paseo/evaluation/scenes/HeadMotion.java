package paseo.evaluation.scenes;

/**
 * How a head is held over time, in radians: a mean, slow swings, a turn on coming in, one look away, one nod.
 *
 * @param yaw mean
 * @param pitch mean, down
 * @param roll mean
 * @param swing of the yaw
 * @param tilt of pitch and roll
 * @param pace swings a second
 * @param phase of the swings
 * @param entering how far the head is still turned away at first
 * @param look how far it turns away in between
 * @param lookAt when, seconds
 * @param nod how far it goes down in between
 * @param nodAt when, seconds
 */
record HeadMotion(
        double yaw,
        double pitch,
        double roll,
        double swing,
        double tilt,
        double pace,
        double phase,
        double entering,
        double look,
        double lookAt,
        double nod,
        double nodAt) {
    private static final double DEGREE = Math.PI / 180;
    private static final double FARTHEST = 75 * DEGREE;
    /** How fast the turn on coming in ends, and how long a look and a nod last, seconds. */
    private static final double ENTERING = 0.7;

    private static final double LOOK = 0.35;
    private static final double NOD = 0.25;

    /** @param heading where the walk goes: 1 to the right, -1 to the left, in between towards the camera */
    static HeadMotion drawn(Dice dice, Flaw flaw, double seconds, double heading) {
        double turned = flaw == Flaw.TURNED ? dice.between(58, 72) : dice.between(0, 14);
        return new HeadMotion(
                heading * turned * DEGREE / (flaw == Flaw.TURNED ? Math.abs(heading) : 1),
                dice.around(3, 3) * DEGREE,
                dice.around(0, 4) * DEGREE,
                dice.between(4, flaw == Flaw.TURNED ? 6 : 12) * DEGREE,
                dice.between(1, 5) * DEGREE,
                dice.between(0.2, 0.5),
                dice.between(0, 2 * Math.PI),
                heading * dice.between(10, 40) * DEGREE,
                dice.chance(0.5) ? dice.side() * dice.between(25, 55) * DEGREE : 0,
                dice.between(0.2, 0.9) * seconds,
                dice.chance(0.3) ? dice.between(10, 25) * DEGREE : 0,
                dice.between(0.2, 0.9) * seconds);
    }

    double yaw(double time) {
        double swung = swing * StrictMath.sin(2 * Math.PI * pace * time + phase);
        double angle = yaw + swung + entering * bump(time / ENTERING) + look * bump((time - lookAt) / LOOK);
        return Math.max(-FARTHEST, Math.min(FARTHEST, angle));
    }

    double pitch(double time) {
        double swung = tilt * StrictMath.sin(2 * Math.PI * 1.3 * pace * time + 2 * phase);
        return pitch + swung + nod * bump((time - nodAt) / NOD);
    }

    double roll(double time) {
        return roll + tilt * StrictMath.sin(2 * Math.PI * 0.8 * pace * time + 3 * phase);
    }

    private static double bump(double t) {
        return StrictMath.exp(-t * t);
    }
}
