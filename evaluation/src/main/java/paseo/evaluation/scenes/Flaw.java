package paseo.evaluation.scenes;

/** Why an appearance is unrecognisable throughout. */
enum Flaw {
    NONE,
    DARK,
    BLURRED,
    TURNED,
    SMALL;

    static Flaw drawn(Dice dice, double share) {
        return dice.chance(share) ? values()[1 + dice.below(values().length - 1)] : NONE;
    }
}
