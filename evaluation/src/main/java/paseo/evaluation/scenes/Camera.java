package paseo.evaluation.scenes;

/**
 * Where a camera hangs and how it sees.
 *
 * @param horizon row of the picture at which everything at the camera's height lies
 * @param drop metres from the camera's height down to the middle of a face of mean height
 * @param smallest width of the farthest face, pixels
 * @param gain brightness factor
 * @param red factor of the colour cast
 * @param blue factor of the colour cast
 * @param exposureSeconds how long the shutter is open
 * @param noise standard deviation, of 255
 * @param daylight where the scene's light comes from: -1 left, 1 right
 */
record Camera(
        double horizon,
        double drop,
        double smallest,
        double gain,
        double red,
        double blue,
        double exposureSeconds,
        double noise,
        double daylight) {
    /** Rows, as shares of the picture's height, on which the farthest and the nearest faces of mean height walk. */
    private static final double FAR_ROW = 0.25;

    private static final double NEAR_ROW = 0.50;

    /** By the settings' seed and a name. */
    static Camera drawn(SceneSettings settings, String name, int number) {
        Dice dice = Dice.of(settings.seed(), settings.name(), "camera", name, number);
        Range widths = settings.faceWidth();
        Degradation taken = settings.degradation();
        double far = (FAR_ROW + dice.around(0, 0.012)) * settings.height();
        double near = NEAR_ROW * settings.height();
        double metres = Body.FACE_METRES * (near - far) / (widths.high() - widths.low());
        return new Camera(
                far - metres * widths.low() / Body.FACE_METRES,
                metres,
                widths.low(),
                dice.between(0.85, 1.1),
                1 + dice.side() * dice.in(taken.cast()),
                1 + dice.side() * dice.in(taken.cast()),
                dice.in(taken.exposureSeconds()),
                dice.in(taken.noise()),
                dice.between(-1, 1));
    }

    /** Row of the middle of a face. */
    double row(double size, double metresTaller) {
        return horizon + (drop - metresTaller) * size / Body.FACE_METRES;
    }

    /** Row of the ground under somebody whose face is that wide. */
    double ground(double size) {
        return horizon + (drop + Body.HEIGHT) * size / Body.FACE_METRES;
    }
}
