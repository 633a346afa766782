package paseo.evaluation.scenes;

/** Red, green and blue from 0 to 255. */
record Colour(float red, float green, float blue) {
    Colour times(double factor) {
        return new Colour((float) (red * factor), (float) (green * factor), (float) (blue * factor));
    }

    /** @param share of the other colour, from 0 to 1 */
    Colour mixed(Colour other, double share) {
        float s = (float) share;
        return new Colour(
                red + (other.red - red) * s, green + (other.green - green) * s, blue + (other.blue - blue) * s);
    }

    /** A colour of hue 0 to 6 (red, yellow, green, cyan, blue, magenta), saturation and value 0 to 1. */
    static Colour hsv(double hue, double saturation, double value) {
        return new Colour(
                channel(hue + 5, saturation, value),
                channel(hue + 3, saturation, value),
                channel(hue + 1, saturation, value));
    }

    private static float channel(double shifted, double saturation, double value) {
        double k = shifted % 6;
        return (float) (255 * value * (1 - saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k)))));
    }
}
