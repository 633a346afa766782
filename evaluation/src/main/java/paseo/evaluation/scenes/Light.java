package paseo.evaluation.scenes;

/**
 * The light that falls on one appearance.
 *
 * @param red factor
 * @param green factor
 * @param blue factor
 * @param side how much brighter a surface is that looks to the right of the picture; negative: to the left
 */
record Light(double red, double green, double blue, double side) {
    /** Above this the film's shoulder begins: brighter values crowd together below 255. */
    private static final float SHOULDER = 205;

    private static final float HEADROOM = 255 - SHOULDER;

    /** What a sensor makes of a brightness: linear, then a shoulder that never leaves 0 to 255. */
    static float exposed(float value) {
        if (value <= SHOULDER) {
            return Math.max(0, value);
        }
        float over = value - SHOULDER;
        // Steeper than 1 at first: burnt-out skin loses its drawing.
        return SHOULDER + HEADROOM * over / (over + HEADROOM * 0.8f);
    }

    /** A colour under this light, on a surface that faces the camera. */
    Colour on(Colour colour) {
        return new Colour(
                exposed((float) (colour.red() * red)), exposed((float) (colour.green() * green)), exposed((float)
                        (colour.blue() * blue)));
    }
}
