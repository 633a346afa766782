package paseo.matching;

/**
 * Where the bands of similarity lie. They belong to a model pack: a cosine of one pack says nothing about another.
 *
 * @param accept from here on a sequence is the nearest person, in (-1, 1]
 * @param create below here it is nobody stored, at most {@code accept}; between the two it is undecided
 * @param margin by how much the nearest person must be nearer than every different one, at least 0
 * @param calibration version of these numbers, stored with each decision
 */
public record MatchThresholds(double accept, double create, double margin, String calibration) {
    public MatchThresholds {
        if (!(accept > -1 && accept <= 1 && create > -1 && create <= accept)) {
            throw new IllegalArgumentException("thresholds must satisfy -1 < create <= accept <= 1, not create="
                    + create + " and accept=" + accept);
        }
        if (!(margin >= 0 && margin <= 2)) {
            throw new IllegalArgumentException("the margin must lie in [0, 2], not " + margin);
        }
    }
}
