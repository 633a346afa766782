package paseo.evaluation.scenes;

/** The body under a head: neck, shoulders, coat, legs, as spans of rows, in metres from the middle of the face. */
final class Body {
    /** A face box is that wide, in metres: between the temples. */
    static final double FACE_METRES = 0.15;

    /** From the middle of the face to the ground. */
    static final double HEIGHT = 1.55;

    private static final double NECK = 0.066;
    private static final double COLLAR = 0.125;
    private static final double SHOULDERS = 0.235;
    private static final double HALF_WIDTH = 0.215;
    private static final double ARM = 0.155;

    private final Outfit outfit;
    private final double x;
    private final double y;
    private final double metre;
    private final double width;
    private final double stride;
    private final double soft;

    /**
     * @param breadth the shoulders' width as seen, 1 from the front
     * @param soft pixels over which edges fade
     */
    Body(Outfit outfit, Pose pose, double breadth, double soft) {
        this.outfit = outfit;
        this.x = pose.x();
        this.y = pose.y();
        this.metre = pose.size() / FACE_METRES;
        this.width = metre * outfit.build() * breadth;
        this.stride = StrictMath.sin(pose.stride());
        this.soft = soft;
    }

    /** Whether the body hides what is behind a point. */
    boolean covers(double px, double py) {
        double down = (py - y) / metre;
        double across = Math.abs(px - x) / width;
        return down > 0 && down < outfit.hem() && across < halfWidth(down);
    }

    /** Pixels from the middle to the outermost edge. */
    double reach() {
        return (HALF_WIDTH + 0.03) * width + soft;
    }

    /** Half the width at so many metres below the face's middle, above the hem. */
    private static double halfWidth(double down) {
        if (down < COLLAR) {
            return NECK;
        }
        if (down < SHOULDERS) {
            double rest = (SHOULDERS - down) / (SHOULDERS - COLLAR);
            return NECK + 0.015 + (HALF_WIDTH - NECK - 0.015) * (1 - rest * rest * (0.7 + 0.3 * rest));
        }
        return HALF_WIDTH + 0.02 * Math.min(1, (down - SHOULDERS) / 0.4);
    }

    void draw(Picture picture, Light light) {
        int from = Math.max(picture.top, (int) y);
        int to = Math.min(picture.bottom(), (int) (y + HEIGHT * metre) + 2);
        for (int row = from; row < to; row++) {
            double down = (row + 0.5 - y) / metre;
            if (down < outfit.hem()) {
                upper(picture, row, down, light);
            } else {
                leg(picture, row, down, 1, light);
                leg(picture, row, down, -1, light);
            }
        }
    }

    private void upper(Picture picture, int row, double down, Light light) {
        double half = halfWidth(down);
        int first = Math.max(picture.left, (int) (x - half * width - soft));
        int last = Math.min(picture.right() - 1, (int) (x + half * width + soft) + 1);
        for (int column = first; column <= last; column++) {
            double across = (column + 0.5 - x) / width;
            double inside = ((half - Math.abs(across)) * width) / soft + 0.5;
            if (inside > 0) {
                double round = across / Math.max(half, 0.16);
                double shade = (1 - 0.38 * round * round) * (1 + 0.6 * light.side() * round) * folds(across, down);
                paint(picture, row, column, cloth(across, down), shade, light, inside);
            }
        }
    }

    /** Folds, the gap between arm and trunk, and the shadow of the chin. */
    private double folds(double across, double down) {
        double bend = 0.4 * wave(down * 3.1 + across * 2);
        double shade = 1 + 0.05 * wave(across * 13 + bend * 3 + down * 2) + 0.03 * wave(down * 7 - across * 11 + bend);
        if (down > 0.38) {
            double gap = Math.abs(Math.abs(across) - ARM - 0.01 * (down - 0.4)) / 0.012;
            shade *= gap < 1 ? 0.68 + 0.32 * gap : 1;
        }
        if (down < COLLAR + 0.02) {
            shade *= 0.62 + 0.38 * Math.max(0, Math.min(1, (down - 0.08) / 0.09));
        }
        return shade;
    }

    private Colour cloth(double across, double down) {
        double wide = Math.abs(across);
        double neckline = NECK * 1.1 * Math.min(1, (0.21 - down) / 0.08);
        if (down < COLLAR || wide < neckline) {
            return outfit.skin();
        }
        if (outfit.strap() != 0 && Math.abs(across * outfit.strap() - 0.10 + (down - 0.2) * 0.42) < 0.014) {
            return outfit.trousers().times(0.6);
        }
        if (outfit.open() > 0) {
            double opening = outfit.open() * (0.75 + 0.4 * down);
            if (wide < opening) {
                return outfit.shirt();
            }
            if (wide < opening + 0.012) {
                return outfit.coat().times(0.6);
            }
        }
        if (outfit.stripes() > 0) {
            double phase = down / outfit.stripes();
            if (phase - Math.floor(phase) < 0.4) {
                return outfit.coat().mixed(outfit.shirt(), 0.45);
            }
        }
        return outfit.coat();
    }

    private void leg(Picture picture, int row, double down, int side, Light light) {
        double along = (down - outfit.hem()) / (HEIGHT - outfit.hem());
        double middle = side * (0.085 + 0.01 * along) + side * stride * 0.05 * along;
        double lifted = HEIGHT - 0.05 * Math.max(0, side * stride);
        if (down > lifted) {
            return;
        }
        boolean shoe = down > lifted - 0.07;
        double half = shoe ? 0.062 : 0.098 - 0.035 * along;
        int first = Math.max(picture.left, (int) (x + (middle - half) * width - soft));
        int last = Math.min(picture.right() - 1, (int) (x + (middle + half) * width + soft) + 1);
        for (int column = first; column <= last; column++) {
            double across = (column + 0.5 - x) / width - middle;
            double inside = ((half - Math.abs(across)) * width) / soft + 0.5;
            if (inside > 0) {
                double round = across / half;
                double shade = (1 - 0.35 * round * round) * (1 - 0.12 * side * stride);
                Colour colour = shoe ? outfit.trousers().times(0.45) : outfit.trousers();
                paint(picture, row, column, colour, shade, light, inside);
            }
        }
    }

    private static void paint(
            Picture picture, int row, int column, Colour colour, double shade, Light light, double inside) {
        picture.blend(
                picture.at(column, row),
                Light.exposed((float) (colour.red() * light.red() * shade)),
                Light.exposed((float) (colour.green() * light.green() * shade)),
                Light.exposed((float) (colour.blue() * light.blue() * shade)),
                (float) Math.min(1, inside));
    }

    /** A cheap wave between -1 and 1 with period 2: parabolas instead of a sine. */
    private static double wave(double t) {
        double phase = t / 2 - Math.floor(t / 2);
        double half = phase < 0.5 ? phase * 2 : phase * 2 - 1;
        double arch = 4 * half * (1 - half);
        return phase < 0.5 ? arch : -arch;
    }
}
