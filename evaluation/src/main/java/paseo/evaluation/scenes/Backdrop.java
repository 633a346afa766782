package paseo.evaluation.scenes;

/**
 * The other side of a street, as one camera sees it: shop fronts with doors and windows, a pavement with joints in
 * perspective, light that falls off to one side. Drawn once a camera.
 */
final class Backdrop {
    /** Metres: joints of the pavement, height of a shop front's base, door and window. */
    private static final double SLAB = 0.6;

    private static final double BASE = 0.45;
    private static final double LINTEL = 2.3;
    private static final double SIGN = 2.9;

    /**
     * How far behind the farthest people, even those who are too small, the wall is: the width of a face there over
     * that of the farthest.
     */
    private static final double BEHIND = 0.48;

    private final Picture picture;

    private Backdrop(Picture picture) {
        this.picture = picture;
    }

    static Backdrop drawn(Camera camera, int width, int height, Dice dice) {
        Picture picture = new Picture(0, 0, width, height);
        double metre = camera.smallest() * BEHIND / Body.FACE_METRES;
        double foot = camera.horizon() + (camera.drop() + Body.HEIGHT) * metre;
        Texture texture = new Texture(dice);
        Light light = new Light(camera.gain() * camera.red(), camera.gain(), camera.gain() * camera.blue(), 0);
        new Facade(dice, width, metre, foot).draw(picture, light, texture);
        pavement(picture, camera, foot, light, texture, dice);
        shade(picture, camera);
        return new Backdrop(picture);
    }

    /** Copies the part of it that a window shows; beyond its border it goes on as it ends. */
    void fill(Picture window) {
        for (int y = 0; y < window.height; y++) {
            int row = Math.max(0, Math.min(picture.height - 1, window.top + y));
            int from = Math.max(0, -window.left);
            int to = Math.min(window.width, picture.width - window.left);
            if (from < to) {
                System.arraycopy(
                        picture.bgr,
                        picture.at(window.left + from, row),
                        window.bgr,
                        (y * window.width + from) * 3,
                        (to - from) * 3);
            }
            for (int x = 0; x < window.width; x++) {
                if (x < from || x >= to) {
                    int column = Math.max(0, Math.min(picture.width - 1, window.left + x));
                    System.arraycopy(picture.bgr, picture.at(column, row), window.bgr, (y * window.width + x) * 3, 3);
                }
            }
        }
    }

    private static void pavement(Picture picture, Camera camera, double foot, Light light, Texture texture, Dice dice) {
        Colour slab = Colour.hsv(dice.between(0.3, 1), dice.between(0.03, 0.14), dice.between(0.42, 0.6));
        double vanishing = picture.width * dice.between(0.3, 0.7);
        double eye = camera.drop() + Body.HEIGHT;
        for (int y = Math.max(0, (int) foot); y < picture.height; y++) {
            // Pixels of a metre on this row; depth in units in which a metre at depth 1 has as many pixels as rows
            // here.
            double metre = (y + 0.5 - camera.horizon()) / eye;
            double depth = picture.height / metre;
            double kerb = y - foot < 0.12 * metre ? 0.72 : 1;
            for (int x = 0; x < picture.width; x++) {
                double across = (x + 0.5 - vanishing) / metre;
                double line = Math.max(joint(across / SLAB, SLAB * metre), joint(depth / SLAB, SLAB * metre * 0.4));
                double grain = texture.at(across * 6, depth * 6) * 0.10 + texture.at(across * 0.7, depth * 0.7) * 0.14;
                set(picture, x, y, slab.times(kerb * (1 - 0.22 * line) * (0.88 + grain)), light);
            }
        }
    }

    /** 1 on a joint between slabs, 0 away from it, in between where it is narrower than a pixel. */
    private static double joint(double place, double pixels) {
        double off = Math.abs(place - Math.rint(place)) * pixels;
        return Math.max(0, 1 - off / 1.3) * Math.min(1, pixels / 12);
    }

    /** Light falls off from the sunny side and towards the corners. */
    private static void shade(Picture picture, Camera camera) {
        for (int y = 0; y < picture.height; y++) {
            for (int x = 0; x < picture.width; x++) {
                double u = 2.0 * x / picture.width - 1;
                double v = 2.0 * y / picture.height - 1;
                double factor = (1 + 0.16 * camera.daylight() * u) * (1 - 0.08 * (u * u + v * v));
                int at = picture.at(x, y);
                for (int c = 0; c < 3; c++) {
                    picture.bgr[at + c] = (byte) Math.min(255, (picture.bgr[at + c] & 255) * factor);
                }
            }
        }
    }

    static void set(Picture picture, int x, int y, Colour colour, Light light) {
        Colour lit = light.on(colour);
        int at = picture.at(x, y);
        picture.bgr[at] = (byte) lit.blue();
        picture.bgr[at + 1] = (byte) lit.green();
        picture.bgr[at + 2] = (byte) lit.red();
    }

    /** The row of shops: one after the other, each with its own wall, window, door and sign. */
    private record Facade(Dice dice, int width, double metre, double foot) {
        void draw(Picture picture, Light light, Texture texture) {
            double x = -dice.between(0, 4) * metre;
            while (x < width) {
                double wide = dice.between(3.2, 6.5) * metre;
                Shop.drawn(dice, x, wide, metre, foot).draw(picture, light, texture);
                x += wide;
            }
        }
    }

    /**
     * One shop front; x in pixels, heights in metres from the ground.
     *
     * @param door where its door begins, metres from the left edge
     */
    private record Shop(
            double left,
            double wide,
            double metre,
            double foot,
            Colour wall,
            Colour sign,
            Colour inside,
            double door,
            boolean bricks) {
        static Shop drawn(Dice dice, double left, double wide, double metre, double foot) {
            return new Shop(
                    left,
                    wide,
                    metre,
                    foot,
                    Colour.hsv(dice.between(0.1, 1.1), dice.between(0.03, 0.25), dice.between(0.45, 0.75)),
                    Colour.hsv(dice.between(0, 6), dice.between(0.15, 0.55), dice.between(0.15, 0.5)),
                    Colour.hsv(dice.between(0.4, 4), dice.between(0.1, 0.35), dice.between(0.12, 0.3)),
                    dice.between(0.4, 1) * (wide / metre - 1.6),
                    dice.chance(0.4));
        }

        void draw(Picture picture, Light light, Texture texture) {
            int first = Math.max(0, (int) left);
            int last = Math.min(picture.width, (int) (left + wide));
            for (int y = 0; y < Math.min(picture.height, (int) foot); y++) {
                for (int x = first; x < last; x++) {
                    double across = (x + 0.5 - left) / metre;
                    double up = (foot - y - 0.5) / metre;
                    set(picture, x, y, colour(across, up, texture), light);
                }
            }
        }

        private Colour colour(double across, double up, Texture texture) {
            double grain = 0.93 + 0.10 * texture.at((left / metre + across) * 9, up * 9);
            double end = wide / metre;
            boolean isDoor = across > door && across < door + 1.05 && up < LINTEL - 0.1;
            boolean isWindow = across > 0.35 && across < end - 0.35 && up > BASE && up < LINTEL;
            if (isDoor) {
                double edge = Math.min(Math.min(across - door, door + 1.05 - across), LINTEL - 0.1 - up);
                return edge < 0.08 || up < 0.2
                        ? sign.times(0.8 * grain)
                        : glass(across, up, texture).times(0.8);
            }
            if (isWindow) {
                double edge = Math.min(Math.min(across - 0.35, end - 0.35 - across), Math.min(up - BASE, LINTEL - up));
                return edge < 0.07 ? sign.times(0.65 * grain) : glass(across, up, texture);
            }
            if (up > LINTEL + 0.08 && up < SIGN && across > 0.15 && across < end - 0.15) {
                return sign.times(grain * (1 - 0.25 * (up - LINTEL) / (SIGN - LINTEL)));
            }
            double course = bricks && mortar(across, up) ? 0.86 : 1;
            double gap = Math.min(across, end - across) < 0.05 ? 0.6 : 1;
            return wall.times(grain * course * gap);
        }

        /** Dark rooms with the sky's reflection across, and dim shelves. */
        private Colour glass(double across, double up, Texture texture) {
            double sheen = 0.5 + 0.5 * texture.at(across * 0.9 + up * 0.5 + left, up * 0.3);
            double shelf = up - Math.floor(up / 0.45) * 0.45 < 0.04 ? 0.75 : 1;
            double goods = 0.85 + 0.3 * texture.at(across * 3 + left, up * 2.5);
            return inside.times(shelf * goods).mixed(new Colour(150, 160, 170), 0.28 * sheen * up / LINTEL);
        }

        private static boolean mortar(double across, double up) {
            double row = Math.floor(up / 0.15);
            double shifted = across / 0.4 + (row % 2 == 0 ? 0 : 0.5);
            return up / 0.15 - row < 0.14 || shifted - Math.floor(shifted) < 0.06;
        }
    }
}
