package paseo.evaluation.scenes;

/**
 * One appearance of somebody: a photograph's head on a body that walks under some light.
 *
 * @param portrait the head
 * @param outfit the body
 * @param light on both
 * @param defocus standard deviation of the blur, in widths of the face
 * @param exposureSeconds how long the shutter is open
 * @param walk where it goes
 */
record Actor(Portrait portrait, Outfit outfit, Light light, double defocus, double exposureSeconds, Walk walk) {
    static Actor drawn(Portrait portrait, Walk walk, Camera camera, SceneSettings settings, Flaw flaw, Dice dice) {
        Degradation taken = settings.degradation();
        double exposure = flaw == Flaw.DARK ? dice.between(0.05, 0.1) : dice.in(taken.exposure());
        double gain = camera.gain() * exposure;
        double side = dice.in(taken.sideLight()) * (dice.between(-0.6, 0.6) + camera.daylight() > 0 ? 1 : -1);
        double defocus = flaw == Flaw.BLURRED
                ? dice.between(0.13, 0.2)
                : dice.chance(taken.outOfFocus()) ? dice.in(taken.defocus()) : 0;
        return new Actor(
                portrait,
                Outfit.drawn(dice, portrait.skin()),
                new Light(gain * camera.red(), gain, gain * camera.blue(), side),
                defocus,
                camera.exposureSeconds(),
                walk);
    }

    /** @param time seconds from the start of the walk */
    Figure at(double time) {
        return new Figure(this, walk.at(time), walk.at(time - exposureSeconds));
    }
}
