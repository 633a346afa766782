package paseo.evaluation.scenes;

import java.util.List;

/** Everything that one camera shows: its backdrop, people in front of it, and the noise of its sensor. */
final class Stage {
    private static final int NOISE = 1 << 16;
    private static final byte[] NORMAL = normal();
    /** The table holds normal numbers times this. */
    private static final int SCALE = 32;

    /** Points a side at which a face box is tested for who covers it. */
    private static final int GRID = 16;

    private final Camera camera;
    private final Backdrop backdrop;

    Stage(Camera camera, Backdrop backdrop) {
        this.camera = camera;
        this.backdrop = backdrop;
    }

    /** A camera and what is behind its people, by the settings' seed and a name. */
    static Stage drawn(SceneSettings settings, String name, int number) {
        Camera camera = Camera.drawn(settings, name, number);
        Dice dice = Dice.of(settings.seed(), settings.name(), "backdrop", name, number);
        return new Stage(camera, Backdrop.drawn(camera, settings.width(), settings.height(), dice));
    }

    Camera camera() {
        return camera;
    }

    /**
     * Draws a frame or a part of one.
     *
     * @param window receives the picture
     * @param figures from the farthest to the nearest
     * @param frameSeed of the noise
     */
    void draw(Picture window, List<Figure> figures, long frameSeed) {
        backdrop.fill(window);
        for (Figure figure : figures) {
            figure.draw(window, camera.ground(figure.pose().size()));
        }
        noise(window, frameSeed);
    }

    /**
     * The share of a face box that neither somebody nearer nor the border of the picture hides.
     *
     * @param nearer those drawn after it
     */
    static double visible(FaceBox box, List<Figure> nearer, int width, int height) {
        int seen = 0;
        for (int row = 0; row < GRID; row++) {
            double y = box.y() + box.height() * (row + 0.5) / GRID;
            for (int column = 0; column < GRID; column++) {
                double x = box.x() + box.width() * (column + 0.5) / GRID;
                boolean inside = x >= 0 && y >= 0 && x < width && y < height;
                if (inside && nearer.stream().noneMatch(figure -> figure.covers(x, y))) {
                    seen++;
                }
            }
        }
        return seen / (double) (GRID * GRID);
    }

    /** Luminance noise, the same in the three channels, and half as much of each channel's own. */
    private void noise(Picture window, long frameSeed) {
        int strength = (int) Math.round(camera.noise() * 256 / SCALE);
        long state = frameSeed;
        for (int y = 0; y < window.height; y++) {
            state = Dice.mix(state);
            int grey = (int) (state & (NOISE - 1));
            int colour = (int) ((state >>> 20) & (NOISE - 1));
            int at = y * window.width * 3;
            for (int x = 0; x < window.width; x++) {
                int common = NORMAL[(grey + x) & (NOISE - 1)];
                for (int c = 0; c < 3; c++, at++) {
                    int own = NORMAL[(colour + 3 * x + c) & (NOISE - 1)];
                    int value = (window.bgr[at] & 255) + (((2 * common + own) * strength + 256) >> 9);
                    window.bgr[at] = (byte) Math.max(0, Math.min(255, value));
                }
            }
        }
    }

    private static byte[] normal() {
        Dice dice = Dice.of(0, "noise");
        byte[] table = new byte[NOISE];
        for (int i = 0; i < NOISE; i++) {
            table[i] = (byte) Math.round(dice.around(0, 1) * SCALE);
        }
        return table;
    }
}
