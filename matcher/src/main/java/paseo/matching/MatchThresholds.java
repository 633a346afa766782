package paseo.matching;

/**
 * Where the bands of similarity lie for one decision. They belong to a model pack: a cosine of one pack says nothing
 * about another.
 *
 * @param accept from here on a sequence is the nearest person, in (-1, 1]
 * @param create below here it is nobody stored, at most {@code accept}; between the two it is undecided
 * @param weak what a sequence of few usable faces must reach instead of {@code accept}, at least that
 * @param margin by how much the nearest person must be nearer than every different one, at least 0
 * @param calibration version of these numbers, stored with each decision
 */
public record MatchThresholds(double accept, double create, double weak, double margin, String calibration)
        implements Thresholds {
    public MatchThresholds {
        if (!(accept > -1 && accept <= 1 && create > -1 && create <= accept)) {
            throw new IllegalArgumentException("thresholds must satisfy -1 < create <= accept <= 1, not create="
                    + create + " and accept=" + accept);
        }
        if (!(weak >= accept && weak <= 1)) {
            throw new IllegalArgumentException(
                    "thresholds must satisfy accept <= weak <= 1, not accept=" + accept + " and weak=" + weak);
        }
        if (!(margin >= 0 && margin <= 2)) {
            throw new IllegalArgumentException("the margin must lie in [0, 2], not " + margin);
        }
    }

    /** Thresholds that ask no more of a sequence of few faces. */
    public MatchThresholds(double accept, double create, double margin, String calibration) {
        this(accept, create, accept, margin, calibration);
    }

    /** These, in a gallery of any size. */
    @Override
    public MatchThresholds at(long persons) {
        return this;
    }
}
