package paseo.evaluation.scenes;

/**
 * How badly pictures are taken: the ranges from which each camera and each appearance draws.
 *
 * @param exposureSeconds how long the shutter is open: motion blur is speed times this
 * @param defocus standard deviation of the blur of an appearance out of focus, in widths of the face
 * @param outOfFocus share of the appearances that are out of focus
 * @param exposure brightness factor of an appearance; 1 leaves the photograph as it is, above it burns out
 * @param sideLight how much brighter the lit half of a face is than its mean, and the other darker
 * @param cast how far a camera's red and blue gains are from 1
 * @param noise standard deviation of a camera's sensor noise, of 255
 * @param jpegQuality of pictures that are not part of a video
 * @param bitsPerPixel of a video
 */
public record Degradation(
        Range exposureSeconds,
        Range defocus,
        double outOfFocus,
        Range exposure,
        Range sideLight,
        Range cast,
        Range noise,
        Range jpegQuality,
        double bitsPerPixel) {

    static final Degradation MILD = new Degradation(
            new Range(0.002, 0.006),
            new Range(0.003, 0.012),
            0.15,
            new Range(0.75, 1.15),
            new Range(0, 0.2),
            new Range(0, 0.04),
            new Range(1, 2.5),
            new Range(75, 92),
            0.16);

    static final Degradation REALISTIC = new Degradation(
            new Range(0.002, 0.007),
            new Range(0.003, 0.013),
            0.15,
            new Range(0.65, 1.2),
            new Range(0, 0.25),
            new Range(0, 0.05),
            new Range(1.5, 3),
            new Range(70, 90),
            0.14);

    static final Degradation HARSH = new Degradation(
            new Range(0.004, 0.014),
            new Range(0.005, 0.028),
            0.3,
            new Range(0.42, 1.4),
            new Range(0, 0.5),
            new Range(0, 0.1),
            new Range(2, 5),
            new Range(50, 85),
            0.10);
}
