package paseo.evaluation.scenes;

/**
 * What somebody wears, and their build.
 *
 * @param coat colour of jacket, coat or pullover
 * @param shirt colour seen where it is open
 * @param trousers colour
 * @param skin colour of the neck
 * @param build width of the body, about 1
 * @param open metres across that the coat stands open; 0 for a pullover
 * @param hem metres from the face down to where the coat ends
 * @param stripes metres from stripe to stripe; 0 for none
 * @param strap 1 or -1 for a bag's strap over one shoulder, 0 for none
 */
record Outfit(
        Colour coat,
        Colour shirt,
        Colour trousers,
        Colour skin,
        double build,
        double open,
        double hem,
        double stripes,
        int strap) {
    static Outfit drawn(Dice dice, Colour skin) {
        Colour coat = Colour.hsv(dice.between(0, 6), dice.between(0.03, 0.45), dice.between(0.1, 0.62));
        Colour shirt = Colour.hsv(dice.between(0, 6), dice.between(0, 0.25), dice.between(0.4, 0.9));
        Colour trousers = Colour.hsv(dice.between(3.3, 4.2), dice.between(0.1, 0.5), dice.between(0.12, 0.4));
        return new Outfit(
                coat,
                shirt,
                trousers,
                skin.times(0.84),
                dice.between(0.9, 1.1),
                dice.chance(0.5) ? dice.between(0.03, 0.1) : 0,
                dice.chance(0.3) ? dice.between(0.9, 1.15) : dice.between(0.68, 0.78),
                dice.chance(0.2) ? dice.between(0.06, 0.12) : 0,
                dice.chance(0.25) ? dice.side() : 0);
    }
}
