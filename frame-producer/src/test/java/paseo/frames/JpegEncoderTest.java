package paseo.frames;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Image;
import paseo.events.Region;
import paseo.events.Source;

/** Against the JDK's own JPEG decoder, which shares no code with the encoder. */
class JpegEncoderTest {
    @TempDir
    Path directory;

    /** One colour fills the picture: what goes in comes out, whichever way the YUV values are coded. */
    @ParameterizedTest
    @CsvSource({
        "yuv420p, tv, smpte170m", "yuv420p, pc, smpte170m", "yuv420p, tv, bt709", "yuv420p, pc, bt709",
        "yuv422p, tv, smpte170m", "yuv422p, pc, bt709", "yuv444p, tv, smpte170m", "yuv444p, pc, smpte170m",
        "yuv420p10le, tv, bt709", "gray, pc, smpte170m", "bgra, pc, gbr"
    })
    void keepsColours(String format, String range, String matrix) {
        for (String colour : new String[] {"0x000000", "0xFFFFFF", "0xC08070", "0x3060A0", "0x20B040", "0xD02020"}) {
            int wanted = format.equals("gray") ? grey(Integer.decode(colour)) : Integer.decode(colour);
            String convert = matrix.equals("gbr")
                    ? "format=" + format
                    : "scale=out_range=" + range + ":out_color_matrix=" + matrix + ",format=" + format;
            String tags = matrix.equals("gbr") ? "" : " -color_range " + range + " -colorspace " + matrix;
            Path file = Clips.make(
                    directory.resolve("colour.mkv"),
                    "-f lavfi -i color=" + colour + ":size=64x48:rate=5,format=gbrp," + convert
                            + " -frames:v 1 -c:v ffv1" + tags);
            String what = format + " " + range + " " + matrix + " " + colour;
            try (VideoFile video = VideoFile.open(file);
                    JpegEncoder encoder = new JpegEncoder(95)) {
                DecodedFrame frame = frame(video);
                byte[] bgr = frame.toBgr();
                int direct = (bgr[2] & 0xFF) << 16 | (bgr[1] & 0xFF) << 8 | (bgr[0] & 0xFF);
                int throughJpeg = decode(encoder.encode(frame, 1920)).getRGB(30, 20) & 0xFFFFFF;
                assertThat(difference(direct, wanted)).as("direct " + what).isLessThanOrEqualTo(3);
                assertThat(difference(throughJpeg, wanted)).as("JPEG " + what).isLessThanOrEqualTo(4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "2x3", "15x17", "97x63", "130x2"})
    void encodesOddSizes(String size) {
        Path file = Clips.make(
                directory.resolve("odd.mkv"),
                "-f lavfi -i color=0xC08070:size=" + size + ":rate=5 -frames:v 1 -pix_fmt yuv420p -c:v ffv1 -level 1");

        try (VideoFile video = VideoFile.open(file);
                JpegEncoder encoder = new JpegEncoder(90)) {
            BufferedImage picture = decode(encoder.encode(frame(video), 1920));
            assertThat(picture.getWidth() + "x" + picture.getHeight()).isEqualTo(size);
            assertThat(difference(picture.getRGB(0, 0) & 0xFFFFFF, 0xC08070)).isLessThan(5);
        }
    }

    @Test
    void scalesDownToTheLongerSideAndKeepsTheSourceSize() {
        Path file = smooth("clip.mp4", 320, 180);

        try (VideoFile video = VideoFile.open(file);
                JpegEncoder encoder = new JpegEncoder(90)) {
            DecodedFrame frame = frame(video);
            Image image = encoder.encode(frame, 100);
            assertThat(image.width()).isEqualTo(100);
            assertThat(image.height()).isEqualTo(56);
            assertThat(image.sourceWidth()).isEqualTo(320);
            assertThat(image.sourceHeight()).isEqualTo(180);
            assertThat(decode(image).getWidth()).isEqualTo(100);
            assertThat(meanDifference(decode(image), frame.toBgr(100, 56))).isLessThan(4);
            assertThat(encoder.encode(frame, 320).width()).isEqualTo(320);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 90, 180, 270})
    void turnsThePictureUpright(int rotation) {
        Path stored = smooth("stored.mp4", 96, 50);
        Path turned = Clips.make(
                directory.resolve("turned.mp4"), "-display_rotation " + rotation + " -i " + stored + " -c copy");

        try (VideoFile video = VideoFile.open(turned);
                JpegEncoder encoder = new JpegEncoder(95)) {
            DecodedFrame frame = frame(video);
            BufferedImage picture = decode(encoder.encode(frame, 1920));
            assertThat(picture.getWidth()).isEqualTo(frame.width());
            assertThat(picture.getHeight()).isEqualTo(frame.height());
            assertThat(meanDifference(picture, frame.toBgr())).isLessThan(4);
        }
    }

    @Test
    void qualityIsMonotone() {
        Path file = Clips.moving(directory.resolve("clip.mp4"), 320, 240, 10, 1);
        int before = 0;
        double differenceBefore = 255;

        for (int quality : new int[] {5, 25, 50, 75, 90, 97, 100}) {
            try (VideoFile video = VideoFile.open(file);
                    JpegEncoder encoder = new JpegEncoder(quality)) {
                DecodedFrame frame = frame(video);
                Image image = encoder.encode(frame, 1920);
                double difference = meanDifference(decode(image), frame.toBgr());
                assertThat(image.jpeg().remaining()).as("bytes at " + quality).isGreaterThan(before);
                assertThat(difference).as("difference at " + quality).isLessThan(differenceBefore + 0.2);
                before = image.jpeg().remaining();
                differenceBefore = difference;
            }
        }
        assertThat(differenceBefore).isCloseTo(0, within(3.0));
    }

    @Test
    void theSameFrameGivesTheSameBytes() {
        Path file = Clips.moving(directory.resolve("clip.mp4"), 160, 120, 10, 1);

        assertThat(bytes(file)).isEqualTo(bytes(file));
    }

    /** Without sharp edges, at which decoders differ in how they spread the colour. */
    private Path smooth(String name, int width, int height) {
        return Clips.make(
                directory.resolve(name),
                "-f lavfi -i gradients=size=" + width + "x" + height + ":rate=5:seed=3:nb_colors=4 -frames:v 2"
                        + " -pix_fmt yuv420p -c:v mpeg4 -q:v 1");
    }

    /** A damaged stream changes its size, range and matrix on the way. */
    @Test
    void picturesThatChangeAreEncodedAsIfTheyWereAlone() {
        List<Path> files = List.of(
                colours("first.mkv", "320x180", "tv", "smpte170m"),
                colours("range.mkv", "320x180", "pc", "smpte170m"),
                colours("matrix.mkv", "320x180", "tv", "bt709"),
                colours("size.mkv", "200x120", "tv", "smpte170m"),
                colours("odd.mkv", "201x121", "tv", "smpte170m"));
        try (JpegEncoder encoder = new JpegEncoder(90)) {
            for (int round = 0; round < 2; round++) {
                for (Path file : files) {
                    try (VideoFile video = VideoFile.open(file)) {
                        DecodedFrame frame = frame(video);
                        byte[] jpeg = encoder.encode(frame, 1920).jpeg().array();
                        assertThat(jpeg).as("%s in round %d", file, round).isEqualTo(bytes(file));
                        Image small = encoder.encode(frame, 100);
                        assertThat(meanDifference(decode(small), frame.toBgr(small.width(), small.height())))
                                .as("%s, scaled down", file)
                                .isLessThan(4);
                    }
                }
            }
        }
    }

    /** What a stream says besides range and matrix is another program's business. */
    @Test
    void tagsThatDoNotMatterDoNotDisturb() {
        Path plain = colours("plain.mkv", "320x180", "tv", "smpte170m");
        Path wide = Clips.make(
                directory.resolve("wide.mkv"),
                "-i " + plain + " -c:v ffv1 -color_range tv -colorspace smpte170m -color_trc smpte2084"
                        + " -color_primaries bt2020");
        Path interlaced = Clips.make(
                directory.resolve("interlaced.mkv"),
                "-i " + plain + " -vf setfield=tff -c:v ffv1 -field_order tt -color_range tv -colorspace smpte170m");
        try (VideoFile first = VideoFile.open(plain);
                VideoFile second = VideoFile.open(wide);
                VideoFile third = VideoFile.open(interlaced);
                JpegEncoder encoder = new JpegEncoder(90)) {
            Image expected = encoder.encode(frame(first), 100);
            assertThat(encoder.encode(frame(second), 100)).isEqualTo(expected);
            assertThat(encoder.encode(frame(third), 100)).isEqualTo(expected);
        }
    }

    /** A camera's region begins wherever it begins, not where vector instructions would like it to. */
    @Test
    void aPartOfAPictureIsThatPart() {
        Path file = colours("whole.mkv", "320x180", "tv", "bt709");
        try (VideoFile video = VideoFile.open(file);
                PictureConverter converter = new PictureConverter();
                JpegEncoder encoder = new JpegEncoder(90)) {
            AVFrame own = requireNonNull(av_frame_clone(frame(video).picture()));
            LiveSession session = new LiveSession(1, new Source("door", Source.Kind.CAMERA, 320, 180, 25, 0, 0));
            Region region = new Region(0.06, 0.1, 0.55, 0.63);
            try (CapturedPicture part = CapturedPicture.of(session, 0, 0, own, Optional.of(region))) {
                DecodedFrame frame = new DecodedFrame(part.picture(), Orientation.UPRIGHT, converter, 0, 0);
                for (int side : new int[] {1920, 90}) {
                    Image image = encoder.encode(frame, side);
                    assertThat(meanDifference(decode(image), frame.toBgr(image.width(), image.height())))
                            .as("%d x %d", image.width(), image.height())
                            .isLessThan(4);
                }
            }
        }
    }

    private Path colours(String name, String size, String range, String matrix) {
        return Clips.make(
                directory.resolve(name),
                "-f lavfi -i gradients=size=" + size + ":rate=5:seed=3:nb_colors=4,format=gbrp,scale=out_range=" + range
                        + ":out_color_matrix=" + matrix + ",format=yuv420p -frames:v 1 -c:v ffv1 -color_range " + range
                        + " -colorspace " + matrix);
    }

    private static byte[] bytes(Path file) {
        try (VideoFile video = VideoFile.open(file);
                JpegEncoder encoder = new JpegEncoder(90)) {
            return encoder.encode(frame(video), 1920).jpeg().array();
        }
    }

    private static DecodedFrame frame(VideoFile video) {
        return requireNonNull(video.next());
    }

    private static BufferedImage decode(Image image) {
        try {
            return ImageIO.read(new ByteArrayInputStream(image.jpeg().array()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int grey(int rgb) {
        long grey = Math.round(0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF));
        return (int) (grey << 16 | grey << 8 | grey);
    }

    private static int difference(int rgb, int other) {
        int largest = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            largest = Math.max(largest, Math.abs((rgb >> shift & 0xFF) - (other >> shift & 0xFF)));
        }
        return largest;
    }

    private static double meanDifference(BufferedImage picture, byte[] bgr) {
        long sum = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int at = (y * picture.getWidth() + x) * 3;
                int rgb = picture.getRGB(x, y);
                sum += Math.abs((rgb >> 16 & 0xFF) - (bgr[at + 2] & 0xFF))
                        + Math.abs((rgb >> 8 & 0xFF) - (bgr[at + 1] & 0xFF))
                        + Math.abs((rgb & 0xFF) - (bgr[at] & 0xFF));
            }
        }
        return sum / (double) bgr.length;
    }
}
