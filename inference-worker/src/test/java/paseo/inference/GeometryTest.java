package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Landmarks;
import paseo.events.Pose;

class GeometryTest {
    @Test
    void letterboxScalesDownToTheLongestSideAndPadsToMultiplesOf32() {
        assertThat(Letterbox.fit(1920, 1080, 640, 320)).isEqualTo(new Letterbox(640, 360, 640, 384));
        assertThat(Letterbox.fit(1080, 1920, 640, 320)).isEqualTo(new Letterbox(360, 640, 384, 640));
        assertThat(Letterbox.fit(480, 270, 640, 320)).isEqualTo(new Letterbox(480, 270, 480, 288));
        assertThat(Letterbox.fit(250, 250, 640, 320)).isEqualTo(new Letterbox(320, 320, 320, 320));
        assertThat(Letterbox.fit(8192, 1, 640, 320)).isEqualTo(new Letterbox(640, 1, 640, 32));
    }

    @Test
    void similarityFindsTheMapThatMadeThePoints() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            double angle = random.nextDouble() * 2 * Math.PI;
            double scale = 0.1 + 5 * random.nextDouble();
            double a = scale * Math.cos(angle);
            double b = scale * Math.sin(angle);
            Affine truth = new Affine(a, -b, 100 * random.nextGaussian(), b, a, 100 * random.nextGaussian());
            double[] from = random.doubles(10, -50, 50).toArray();
            double[] to = new double[10];
            for (int i = 0; i < 10; i += 2) {
                to[i] = truth.x(from[i], from[i + 1]);
                to[i + 1] = truth.y(from[i], from[i + 1]);
            }

            Affine found = Affine.similarity(from, to);

            assertThat(found.scale()).isEqualTo(scale, within(1e-9));
            assertThat(found.x(3, 4)).isEqualTo(truth.x(3, 4), within(1e-6));
            assertThat(found.y(3, 4)).isEqualTo(truth.y(3, 4), within(1e-6));
        }
    }

    @Test
    void similarityIsTheBestOfItsNeighbours() {
        Random random = new Random(8);
        double[] from = random.doubles(10, -50, 50).toArray();
        double[] to = random.doubles(10, -50, 50).toArray();
        Affine best = Affine.similarity(from, to);
        double least = error(best, from, to);
        for (int round = 0; round < 500; round++) {
            double a = best.xx() + 0.01 * random.nextGaussian();
            double b = best.yx() + 0.01 * random.nextGaussian();
            Affine other =
                    new Affine(a, -b, best.x0() + random.nextGaussian(), b, a, best.y0() + random.nextGaussian());
            assertThat(error(other, from, to)).isGreaterThanOrEqualTo(least);
        }
    }

    private static double error(Affine map, double[] from, double[] to) {
        double sum = 0;
        for (int i = 0; i < from.length; i += 2) {
            double x = map.x(from[i], from[i + 1]) - to[i];
            double y = map.y(from[i], from[i + 1]) - to[i + 1];
            sum += x * x + y * y;
        }
        return sum;
    }

    @Test
    void cropTakesPixelsAsTheyAreWhereTheMapIsTheIdentity() {
        byte[] pixels = new byte[10 * 8 * 3];
        new Random(3).nextBytes(pixels);
        Crop crop = Crop.of(BgrImage.of(pixels, 10, 8), new Affine(1, 0, 0, 0, 1, 0), 10, 8);

        assertThat(crop.bgr()).isEqualTo(pixels);
    }

    @Test
    void cropIsBlackOutsideThePicture() {
        byte[] white = new byte[4 * 4 * 3];
        Arrays.fill(white, (byte) 255);
        Crop crop = Crop.of(BgrImage.of(white, 4, 4), new Affine(1, 0, -10, 0, 1, 0), 4, 4);

        assertThat(crop.bgr()).containsOnly(0);
    }

    @Test
    void cropMuchSmallerThanThePictureIsItsMean() {
        byte[] checks = new byte[64 * 64 * 3];
        for (int i = 0; i < 64 * 64; i++) {
            byte value = (byte) ((i % 64 + i / 64) % 2 == 0 ? 255 : 0);
            checks[3 * i] = checks[3 * i + 1] = checks[3 * i + 2] = value;
        }
        Crop crop = Crop.of(BgrImage.of(checks, 64, 64), Affine.ofBox(0, 0, 64, 64, 8), 8, 8);

        for (byte value : crop.bgr()) {
            assertThat(value & 0xff).isBetween(120, 136);
        }
    }

    @Test
    void fivePointsTellYawPitchAndRollOfAHeadInSpace() {
        for (int angle = -60; angle <= 60; angle += 15) {
            assertThat(FivePointPose.of(head(angle, 0, 0)).yaw()).isEqualTo(angle, within(3f));
            assertThat(FivePointPose.of(head(0, 0, angle)).roll()).isEqualTo(angle, within(0.1f));
        }
        for (int pitch = -30; pitch <= 30; pitch += 15) {
            assertThat(FivePointPose.of(head(0, pitch, 0)).pitch()).isEqualTo(pitch, within(3f));
        }
    }

    @Test
    void sixtyEightPointsTellThePoseWhicheverWayDepthIsCounted() {
        for (int yaw = -75; yaw <= 75; yaw += 25) {
            for (int pitch = -30; pitch <= 30; pitch += 15) {
                for (int roll = -40; roll <= 40; roll += 20) {
                    for (int sign : new int[] {1, -1}) {
                        Pose pose = SixtyEightPointPose.of(points(yaw, pitch, roll, sign));
                        // Yaw turns first, then pitch, then roll: the axes that a pose is told in differ a little.
                        double[] forward = turned(new double[] {0, 0, -1}, yaw, pitch, roll);
                        assertThat(Math.sin(Math.toRadians(pose.yaw()))).isEqualTo(forward[0], within(1e-4));
                        assertThat(Math.toDegrees(Math.atan2(forward[1], -forward[2])))
                                .isEqualTo(pose.pitch(), within(0.01));
                    }
                }
            }
        }
        assertThat(SixtyEightPointPose.of(points(0, 0, 20, 1)).roll()).isEqualTo(20, within(0.01f));
    }

    /** Eyes 1 apart, the mouth 1.1111 below them, the nose 0.5 in front and half-way. */
    private static Landmarks head(double yaw, double pitch, double roll) {
        double height = 1 / 0.9;
        double[][] points = {
            {-.5, -height / 2, 0}, {.5, -height / 2, 0}, {0, 0, -.5}, {-.4, height / 2, 0}, {.4, height / 2, 0}
        };
        float[] flat = new float[10];
        for (int i = 0; i < 5; i++) {
            double[] point = turned(points[i], yaw, pitch, roll);
            flat[2 * i] = (float) (100 + 50 * point[0]);
            flat[2 * i + 1] = (float) (100 + 50 * point[1]);
        }
        return Landmarks.of(flat);
    }

    private static float[] points(double yaw, double pitch, double roll, int sign) {
        float[] flat = new float[3 * SixtyEightPointPose.POINTS];
        int[][] mirrored = {
            {0, 16}, {1, 15}, {2, 14}, {3, 13}, {4, 12}, {17, 26}, {19, 24}, {21, 22}, {36, 45}, {39, 42}, {31, 35},
            {48, 54}
        };
        for (int[] pair : mirrored) {
            double y = pair[0] == 48 ? 30 : pair[0] == 36 || pair[0] == 39 ? -20 : pair[0];
            double x = 10 + pair[0] % 7 * 5;
            put(flat, pair[0], sign, turned(new double[] {-x, y, 5}, yaw, pitch, roll));
            put(flat, pair[1], sign, turned(new double[] {x, y, 5}, yaw, pitch, roll));
        }
        put(flat, 30, sign, turned(new double[] {0, 8, -20}, yaw, pitch, roll));
        return flat;
    }

    private static void put(float[] flat, int number, int sign, double[] point) {
        flat[3 * number] = (float) (96 + point[0]);
        flat[3 * number + 1] = (float) (96 + point[1]);
        flat[3 * number + 2] = (float) (sign * point[2]);
    }

    /** x to the right, y down, z away; yaw to the right, pitch down, roll clockwise. */
    private static double[] turned(double[] point, double yaw, double pitch, double roll) {
        double cy = Math.cos(Math.toRadians(yaw));
        double sy = Math.sin(Math.toRadians(yaw));
        double x = cy * point[0] - sy * point[2];
        double z = sy * point[0] + cy * point[2];
        double cp = Math.cos(Math.toRadians(pitch));
        double sp = Math.sin(Math.toRadians(pitch));
        double y = cp * point[1] - sp * z;
        z = sp * point[1] + cp * z;
        double cr = Math.cos(Math.toRadians(roll));
        double sr = Math.sin(Math.toRadians(roll));
        return new double[] {cr * x - sr * y, sr * x + cr * y, z};
    }
}
