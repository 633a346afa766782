package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Usability;

class PictureTest {
    private static final int SIDE = 96;
    private static final Pose FRONTAL = new Pose(0, 0, 0);
    private static final Landmarks FACE = Landmarks.of(40, 40, 60, 40, 50, 50, 42, 60, 58, 60);

    @Test
    void theHeaderTellsTheSize() throws IOException {
        assertThat(JpegHeader.of(FacePipelineTest.jpeg(smooth(72, 40)))).isEqualTo(new JpegHeader(72, 40));
    }

    @Test
    void everyPrefixOfAJpegIsRefusedOrHasItsSize() throws IOException {
        ByteBuffer jpeg = FacePipelineTest.jpeg(smooth(72, 40));
        for (int length = 0; length < jpeg.remaining(); length++) {
            ByteBuffer prefix = jpeg.slice(0, length);
            try {
                assertThat(JpegHeader.of(prefix)).isEqualTo(new JpegHeader(72, 40));
            } catch (UnreadablePictureException e) {
                assertThat(e.reason()).isIn("not a JPEG", "a JPEG without a size");
            }
        }
    }

    @Test
    void randomBytesAfterTheStartNeverBreakTheHeaderReader() {
        Random random = new Random(6);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 3) {
                bytes[i] = (byte) 0xff;
            }
            if (bytes.length > 1) {
                bytes[1] = (byte) 0xd8;
            }
            try {
                assertThat(JpegHeader.of(ByteBuffer.wrap(bytes)).width()).isPositive();
            } catch (UnreadablePictureException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void aJpegComesBackAsItWas() throws IOException {
        BgrImage picture = smooth(SIDE, SIDE);
        BgrImage decoded = BgrImage.ofJpeg(FacePipelineTest.jpeg(picture));

        for (int i = 0; i < SIDE * SIDE * 3; i++) {
            assertThat(decoded.bgr().get(i) & 0xff)
                    .isBetween((picture.bgr().get(i) & 0xff) - 8, (picture.bgr().get(i) & 0xff) + 8);
        }
    }

    @Test
    void aDecoderThatHasSeenDamageReadsTheNextPicture() throws IOException {
        ByteBuffer whole = FacePipelineTest.jpeg(smooth(SIDE, SIDE));
        ByteBuffer damaged = whole.slice(0, whole.remaining() / 2);
        try (JpegPicture picture = new JpegPicture()) {
            for (int round = 0; round < 20; round++) {
                assertThatThrownBy(() -> picture.of(damaged)).isInstanceOf(UnreadablePictureException.class);
                assertThat(picture.of(whole).width()).isEqualTo(SIDE);
            }
        }
    }

    /** What is left out at the end of a row would be that of the picture before. */
    @Test
    void theLastColumnsAreThePicturesOwn() {
        for (int format : new int[] {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P}) {
            for (int width = 352; width <= 368; width++) {
                assertWholeWhite(width, format);
            }
            assertWholeWhite(854, format);
            assertWholeWhite(1366, format);
        }
    }

    private static void assertWholeWhite(int width, int format) {
        AVFrame frame = white(width, format);
        Letterbox box = new Letterbox(width, SIDE, (width + 31) / 32 * 32, SIDE);
        ByteBuffer planes = ByteBuffer.allocateDirect(3 * box.inputWidth() * SIDE);
        try (FramePicture picture = new FramePicture().of(frame)) {
            picture.scaleTo(box, true, planes);
            for (int i = 0; i < planes.capacity(); i++) {
                boolean inside = i % box.inputWidth() < width;
                assertThat(planes.get(i) & 0xff).isBetween(inside ? 254 : 0, inside ? 255 : 0);
            }
            BgrImage full = picture.full();
            for (int i = 0; i < width * SIDE * 3; i++) {
                assertThat(full.bgr().get(i) & 0xff)
                        .as("column %d of %d, format %d", i / 3 % width, width, format)
                        .isGreaterThanOrEqualTo(254);
            }
        } finally {
            av_frame_free(frame);
        }
    }

    private static AVFrame white(int width, int format) {
        AVFrame frame = av_frame_alloc();
        frame.width(width).height(SIDE).format(format).color_range(AVCOL_RANGE_JPEG);
        assertThat(av_frame_get_buffer(frame, 0)).isZero();
        for (int plane = 0; plane < 3; plane++) {
            int rows = plane > 0 && format == AV_PIX_FMT_YUV420P ? SIDE / 2 : SIDE;
            byte[] values = new byte[frame.linesize(plane) * rows];
            Arrays.fill(values, (byte) (plane == 0 ? 255 : 128));
            frame.data(plane).put(values);
        }
        return frame;
    }

    @Test
    void scalingKeepsAFlatColour() {
        byte[] flat = new byte[100 * 60 * 3];
        for (int i = 0; i < flat.length; i += 3) {
            flat[i] = (byte) 200;
            flat[i + 1] = (byte) 120;
            flat[i + 2] = 40;
        }
        try (BgrPicture picture = new BgrPicture()) {
            for (int[] size : new int[][] {{50, 30}, {33, 20}, {100, 60}, {200, 120}}) {
                Letterbox box = new Letterbox(size[0], size[1], 224, 128);
                ByteBuffer planes = ByteBuffer.allocateDirect(3 * 224 * 128);
                for (boolean blueFirst : new boolean[] {true, false}) {
                    picture.of(BgrImage.of(flat, 100, 60)).scaleTo(box, blueFirst, planes);
                    int[] colours = blueFirst ? new int[] {200, 120, 40} : new int[] {40, 120, 200};
                    for (int i = 0; i < planes.capacity(); i++) {
                        boolean inside = i % 224 < size[0] && i / 224 % 128 < size[1];
                        int wanted = inside ? colours[i / (224 * 128)] : 0;
                        assertThat(planes.get(i) & 0xff)
                                .isBetween(wanted - (inside ? 2 : 0), wanted + (inside ? 2 : 0));
                    }
                }
            }
        }
    }

    @Test
    void planesHaveTheColoursInOrder() {
        Crop crop = new Crop(new byte[] {10, 20, (byte) 255, 30, 0, 1}, 2, 1);
        FloatBuffer input = FloatBuffer.allocate(12);
        new PixelPlanes(new ModelPack.PixelFormat(ModelPack.Channels.RGB, 127.5f, 128)).fill(crop, input, 1);

        assertThat(input.array())
                .containsExactly(
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        127.5f / 128,
                        -126.5f / 128,
                        -107.5f / 128,
                        -127.5f / 128,
                        -117.5f / 128,
                        -97.5f / 128);
    }

    @Test
    void blurAndFlatnessLowerSharpness() {
        Crop sharp = new Crop(noise(1), SIDE, SIDE);
        Crop blurred = blurred(sharp, 2);
        Crop more = blurred(blurred, 4);
        Crop flat = new Crop(new byte[SIDE * SIDE * 3], SIDE, SIDE);

        assertThat(Clarity.of(sharp).sharpness())
                .isGreaterThan(10 * Clarity.of(blurred).sharpness());
        assertThat(Clarity.of(blurred).sharpness())
                .isGreaterThan(2 * Clarity.of(more).sharpness());
        assertThat(Clarity.of(flat)).isEqualTo(Clarity.NONE);
    }

    /** Light from one side and a sensor's noise make a picture of nothing look sharp and rich in contrast. */
    @Test
    void aGrainyShadowHasNoDetail() {
        Random random = new Random(1);
        byte[] shadow = new byte[SIDE * SIDE * 3];
        byte[] eyes = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < shadow.length; i++) {
            int x = i / 3 % SIDE;
            int y = i / 3 / SIDE;
            double noise = 4 * random.nextGaussian();
            shadow[i] = (byte) Math.round(60 + 120.0 * x / SIDE + noise);
            boolean dark = Math.hypot(x - 0.35 * SIDE, y - 0.4 * SIDE) < SIDE / 12.0
                    || Math.hypot(x - 0.65 * SIDE, y - 0.4 * SIDE) < SIDE / 12.0;
            eyes[i] = (byte) Math.round((dark ? 100 : 150) + noise);
        }
        Clarity nothing = Clarity.of(new Crop(shadow, SIDE, SIDE));
        Clarity face = Clarity.of(new Crop(eyes, SIDE, SIDE));

        assertThat(nothing.sharpness()).isGreaterThan(0.01f);
        assertThat(nothing.contrast()).isGreaterThan(8);
        assertThat(nothing.detail()).isLessThan(2);
        assertThat(face.detail()).isGreaterThan(6);
    }

    /** What is left of a face in the dark passes the gates of contrast, sharpness and detail. */
    @Test
    void aFaceInTheDarkIsRefusedForItsBrightness() {
        byte[] face = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < face.length; i++) {
            int x = i / 3 % SIDE;
            int y = i / 3 / SIDE;
            boolean light = Math.hypot(x - 0.35 * SIDE, y - 0.4 * SIDE) < SIDE / 12.0
                    || Math.hypot(x - 0.65 * SIDE, y - 0.4 * SIDE) < SIDE / 12.0;
            face[i] = (byte) (light ? 50 : 8);
        }
        Clarity dark = Clarity.of(new Crop(face, SIDE, SIDE));

        assertThat(dark.brightness()).isBetween(10f, 15f);
        assertThat(gateOfBrightness(20).check(FRONTAL, FACE, dark, 1)).contains(Usability.BLURRED);
        assertThat(gateOfBrightness(0).check(FRONTAL, FACE, dark, 1)).isEmpty();
    }

    private static Gate gateOfBrightness(float brightness) {
        return new Gate(new ModelPack.Gates(0.6f, 32, 50, 40, 0.5f, brightness, 0.01f, 8, 3, 0.2f));
    }

    @Test
    void sharpnessHardlyDependsOnContrast() {
        Crop strong = blurred(new Crop(noise(2), SIDE, SIDE), 1);
        byte[] pale = strong.bgr().clone();
        for (int i = 0; i < pale.length; i++) {
            pale[i] = (byte) (64 + (pale[i] & 0xff) / 2);
        }

        assertThat(Clarity.of(new Crop(pale, SIDE, SIDE)).sharpness()
                        / Clarity.of(strong).sharpness())
                .isBetween(0.8f, 1.1f);
    }

    @Test
    void qualityFallsWithEachFault() {
        float best = Quality.of(new Pose(0, 0, 0), 100, 0.05f, 0.95f);
        assertThat(best).isBetween(0.7f, 1f);
        assertThat(Quality.of(new Pose(60, 0, 0), 100, 0.05f, 0.95f)).isLessThan(best / 2);
        assertThat(Quality.of(new Pose(0, -50, 0), 100, 0.05f, 0.95f)).isLessThan(best / 2);
        assertThat(Quality.of(new Pose(0, 0, 0), 15, 0.05f, 0.95f)).isLessThan(best / 2);
        assertThat(Quality.of(new Pose(0, 0, 0), 100, 0.002f, 0.95f)).isLessThan(best / 2);
        assertThat(Quality.of(new Pose(0, 0, 0), 100, 0, 0.95f)).isZero();
    }

    @Test
    void theFirstGateThatFailsIsNamed() {
        Gate gate = gateOfBrightness(20);
        Landmarks narrow = Landmarks.of(46, 40, 55, 40, 50, 50, 46, 60, 55, 60);
        Clarity clear = new Clarity(120, 1, 40, 10);
        assertThat(gate.check(new Pose(51, 0, 0), FACE, clear, 1)).contains(Usability.TURNED_AWAY);
        assertThat(gate.check(new Pose(-51, 0, 0), FACE, Clarity.NONE, 0)).contains(Usability.TURNED_AWAY);
        assertThat(gate.check(new Pose(0, 41, 0), FACE, clear, 1)).contains(Usability.TURNED_AWAY);
        assertThat(gate.check(FRONTAL, narrow, clear, 1)).contains(Usability.TURNED_AWAY);
        assertThat(gate.check(new Pose(0, 0, 180), FACE, new Clarity(120, 0.001f, 40, 10), 0))
                .contains(Usability.BLURRED);
        assertThat(gate.check(FRONTAL, FACE, new Clarity(120, 1, 7, 10), 1)).contains(Usability.BLURRED);
        assertThat(gate.check(FRONTAL, FACE, new Clarity(120, 1, 40, 2), 1)).contains(Usability.BLURRED);
        assertThat(gate.check(FRONTAL, FACE, new Clarity(19, 1, 40, 10), 1)).contains(Usability.BLURRED);
        assertThat(gate.check(FRONTAL, FACE, clear, 0.1f)).contains(Usability.LOW_QUALITY);
        assertThat(gate.check(FRONTAL, FACE, clear, 0.9f)).isEmpty();
    }

    @Test
    void aMirroredOrCollapsedFaceIsNotPlausible() {
        float[] face = {40, 40, 60, 40, 50, 50, 42, 60, 58, 60};
        assertThat(Gate.plausible(Landmarks.of(face), 40, 100, 100)).isTrue();
        float[] mirrored = {60, 40, 40, 40, 50, 50, 58, 60, 42, 60};
        assertThat(Gate.plausible(Landmarks.of(mirrored), 40, 100, 100)).isFalse();
        assertThat(Gate.plausible(Landmarks.of(face), 40, 59, 100)).isFalse();
        float[] narrow = {50, 40, 51, 40, 50, 50, 50, 60, 51, 60};
        assertThat(Gate.plausible(Landmarks.of(narrow), 40, 100, 100)).isFalse();
    }

    private static BgrImage smooth(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            pixels[3 * i] = (byte) (60 + i % width);
            pixels[3 * i + 1] = (byte) (100 + i / width);
            pixels[3 * i + 2] = (byte) (140 - i % width / 2);
        }
        return BgrImage.of(pixels, width, height);
    }

    private static byte[] noise(int seed) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static Crop blurred(Crop crop, int radius) {
        byte[] from = crop.bgr();
        byte[] to = Arrays.copyOf(from, from.length);
        for (int y = radius; y < SIDE - radius; y++) {
            for (int x = radius; x < SIDE - radius; x++) {
                for (int colour = 0; colour < 3; colour++) {
                    int sum = 0;
                    for (int dy = -radius; dy <= radius; dy++) {
                        for (int dx = -radius; dx <= radius; dx++) {
                            sum += from[((y + dy) * SIDE + x + dx) * 3 + colour] & 0xff;
                        }
                    }
                    to[(y * SIDE + x) * 3 + colour] = (byte) (sum / ((2 * radius + 1) * (2 * radius + 1)));
                }
            }
        }
        return new Crop(to, SIDE, SIDE);
    }
}
