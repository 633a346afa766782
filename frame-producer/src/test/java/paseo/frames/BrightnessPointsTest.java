package paseo.frames;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.*;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrightnessPointsTest {
    private static final int WIDTH = 128;
    private static final int HEIGHT = 72;

    /** What webcams and cameras deliver: planes, bytes of Y among those of U and V, ten bits, colours. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                AV_PIX_FMT_YUVJ420P,
                AV_PIX_FMT_NV12,
                AV_PIX_FMT_YUYV422,
                AV_PIX_FMT_UYVY422,
                AV_PIX_FMT_YUV420P10LE,
                AV_PIX_FMT_YUV420P10BE,
                AV_PIX_FMT_P010LE,
                AV_PIX_FMT_BGR24,
                AV_PIX_FMT_GRAY8
            })
    void areThoseOfTheWholePictureInEachFormat(int format) {
        AVFrame picture = slope();
        try (PictureConverter converter = new PictureConverter()) {
            byte[] points = requireNonNull(BrightnessPoints.of(converter.convert(picture, WIDTH, HEIGHT, format)));
            assertThat(points).hasSize(BrightnessPoints.ACROSS * BrightnessPoints.DOWN);
            for (int row = 0; row < BrightnessPoints.DOWN; row++) {
                for (int column = 0; column < BrightnessPoints.ACROSS; column++) {
                    assertThat(points[row * BrightnessPoints.ACROSS + column] & 0xFF)
                            .as("row %d, column %d", row, column)
                            .isCloseTo(brightness(2 * column + 1, 2 * row + 1), within(3));
                }
            }
        } finally {
            av_frame_free(picture);
        }
    }

    @Test
    void areUnknownWhereBrightnessIsNotAByte() {
        AVFrame picture = slope();
        try (PictureConverter converter = new PictureConverter()) {
            assertThat(BrightnessPoints.of(converter.convert(picture, WIDTH, HEIGHT, AV_PIX_FMT_MONOBLACK)))
                    .isNull();
        } finally {
            av_frame_free(picture);
        }
    }

    private static int brightness(int x, int y) {
        return 20 + x + y;
    }

    private static AVFrame slope() {
        AVFrame picture = av_frame_alloc();
        picture.format(AV_PIX_FMT_YUVJ420P);
        picture.width(WIDTH);
        picture.height(HEIGHT);
        picture.color_range(AVCOL_RANGE_JPEG);
        av_frame_get_buffer(picture, 0);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                picture.data(0).put((long) y * picture.linesize(0) + x, (byte) brightness(x, y));
            }
        }
        for (int plane = 1; plane < 3; plane++) {
            for (int at = 0; at < HEIGHT / 2 * picture.linesize(plane); at++) {
                picture.data(plane).put(at, (byte) 128);
            }
        }
        return picture;
    }
}
