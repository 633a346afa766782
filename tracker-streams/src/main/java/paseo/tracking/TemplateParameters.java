package paseo.tracking;

/**
 * What shapes a template. The tracker always uses {@link #standard()}; other values show what each part is worth.
 *
 * @param mostFaces faces kept for the centre, the best of each tenth of a second; the best of each view and the best of
 *     a few seconds are kept besides
 * @param weightExponent a face counts in the centre as quality to this power: 0 makes the plain mean
 * @param outlierLimit a face counts only if its similarity to the common centre is at most so far below the median of
 *     the faces; infinite to count all
 * @param mostPrototypes faces shown besides the centre, in [0, 5]
 */
public record TemplateParameters(int mostFaces, double weightExponent, double outlierLimit, int mostPrototypes) {
    /** As many as the contract allows. */
    static final int MOST_PROTOTYPES = 5;

    /** A face without quality still counts for something where there is nothing else. */
    private static final double LEAST_QUALITY = 0.01;

    public TemplateParameters {
        check(mostFaces > 0, "a template must hold a face, not " + mostFaces);
        check(weightExponent >= 0, "the weight must not fall with quality: exponent " + weightExponent);
        check(outlierLimit >= 0, "the outlier limit must not be negative: " + outlierLimit);
        check(
                mostPrototypes >= 0 && mostPrototypes <= MOST_PROTOTYPES,
                "a template shows 0 to " + MOST_PROTOTYPES + " prototypes, not " + mostPrototypes);
    }

    /** Faces of one person spread by about 0.1 around the similarity to their centre; another person is 0.4 away. */
    public static TemplateParameters standard() {
        return new TemplateParameters(48, 1, 0.2, MOST_PROTOTYPES);
    }

    /** The same with faces weighted otherwise. */
    public TemplateParameters withWeightExponent(double exponent) {
        return new TemplateParameters(mostFaces, exponent, outlierLimit, mostPrototypes);
    }

    /** The same with another limit for faces that don't agree. */
    public TemplateParameters withOutlierLimit(double limit) {
        return new TemplateParameters(mostFaces, weightExponent, limit, mostPrototypes);
    }

    /** The same with more or fewer faces. */
    public TemplateParameters withMost(int faces, int prototypes) {
        return new TemplateParameters(faces, weightExponent, outlierLimit, prototypes);
    }

    /** Weight in the centre, above 0. */
    double weight(KeptFace face) {
        return Math.pow(Math.max(face.quality(), LEAST_QUALITY), weightExponent);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }
}
