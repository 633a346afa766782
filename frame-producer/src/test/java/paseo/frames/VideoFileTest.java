package paseo.frames;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.testing.Assets;

class VideoFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.mp4 -c:v mpeg4",
                "a.mp4 -c:v libopenh264",
                "a.m4v -c:v mpeg4 -f mp4",
                "a.mov -c:v mjpeg",
                "a.avi -c:v mpeg4",
                "a.mkv -c:v libopenh264",
                "a.webm -c:v libvpx -b:v 1M",
                "a.webm -c:v libvpx-vp9 -b:v 1M -deadline realtime",
                "a.gif -c:v gif -pix_fmt bgr8",
                "a.ts -c:v libopenh264",
                "a.m2ts -c:v mpeg2video -mpegts_m2ts_mode 1",
                "a.mts -c:v libopenh264 -f mpegts",
                "a.3gp -c:v mpeg4",
                "a.flv -c:v flv",
                "a.ogv -c:v libvpx -b:v 1M",
                "a.wmv -c:v wmv2 -f asf",
                "a.mpg -c:v mpeg2video -r 25"
            })
    void readsEveryContainer(String clip) {
        String name = clip.substring(0, clip.indexOf(' '));
        Path file = Clips.make(
                directory.resolve(name),
                "-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 20 -pix_fmt yuv420p"
                        + clip.substring(clip.indexOf(' ')));

        try (VideoFile video = VideoFile.open(file)) {
            assertThat(video.source().name()).isEqualTo(name);
            assertThat(video.source().width()).isEqualTo(96);
            assertThat(video.source().height()).isEqualTo(64);
            assertThat(video.source().frameRate()).isCloseTo(25, within(0.1));
            List<Long> times = new ArrayList<>();
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                assertThat(frame.number()).isEqualTo(times.size());
                times.add(frame.captureTimeMicros());
            }
            assertThat(times).hasSize(20).isSorted().startsWith(0L);
            assertThat(times.get(19)).isCloseTo(19 * 40_000L, within(1_000L));
            assertThat(video.repairedTimes()).isZero();
            assertThat(video.damagedPackets()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "2x2", "3x5", "17x33", "97x63", "130x1"})
    void readsOddSizes(String size) {
        Path file = Clips.make(
                directory.resolve("odd.mkv"),
                "-f lavfi -i color=red:size=" + size + ":rate=5 -frames:v 3 -pix_fmt yuv420p -c:v ffv1 -level 1");
        int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));

        try (VideoFile video = VideoFile.open(file)) {
            DecodedFrame frame = first(video);
            byte[] bgr = frame.toBgr();
            assertThat(bgr).hasSize(width * height * 3);
            assertThat(bgr[bgr.length - 1] & 0xFF).isGreaterThan(245);
            assertThat(frame.toBgr(7, 9)).hasSize(7 * 9 * 3);
        }
    }

    /** The stored picture is red on its left and blue on its right side. */
    @ParameterizedTest
    @CsvSource({"0, 64, 32, left", "90, 32, 64, bottom", "180, 64, 32, right", "270, 32, 64, top"})
    void turnsPicturesUpright(int counterClockwise, int width, int height, String redSide) {
        Path stored = Clips.make(directory.resolve("stored.mp4"), RED_AND_BLUE);
        Path turned = Clips.make(
                directory.resolve("turned.mp4"),
                "-display_rotation " + counterClockwise + " -i " + stored + " -c copy");

        try (VideoFile video = VideoFile.open(turned)) {
            assertThat(video.source().width()).isEqualTo(width);
            assertThat(video.source().height()).isEqualTo(height);
            DecodedFrame frame = first(video);
            assertThat(frame.width()).isEqualTo(width);
            assertThat(frame.height()).isEqualTo(height);
            assertThat(redSide(frame.toBgr(), width, height)).isEqualTo(redSide);
            ByteBuffer half = ByteBuffer.allocateDirect(width / 2 * (height / 2) * 3);
            frame.toBgr(half, width / 2, height / 2);
            byte[] bytes = new byte[half.flip().remaining()];
            half.get(bytes);
            assertThat(redSide(bytes, width / 2, height / 2)).isEqualTo(redSide);
        }
    }

    @Tag("fault")
    @DisplayName("row 39: variable frame rate is kept")
    @Test
    void keepsVariableFrameRate() {
        Path file = Clips.make(
                directory.resolve("vfr.mkv"),
                "-f lavfi -i testsrc2=size=64x64:rate=10 -frames:v 6 -vf setpts=N*N*0.1/TB -fps_mode passthrough"
                        + " -c:v mpeg4");

        assertThat(times(file)).containsExactly(0L, 100_000L, 400_000L, 900_000L, 1_600_000L, 2_500_000L);
    }

    @Test
    void countsTimeFromTheStartOfTheStream() {
        Path file = Clips.make(
                directory.resolve("late.ts"),
                "-f lavfi -i testsrc2=size=64x64:rate=10 -frames:v 3 -c:v mpeg2video -output_ts_offset 5000");

        assertThat(times(file)).containsExactly(0L, 100_000L, 200_000L);
    }

    @Test
    void readsWithManyThreadsWhatItReadsWithOne() {
        Path file = Clips.moving(directory.resolve("clip.mp4"), 128, 96, 25, 40);

        assertThat(hashes(file, 4)).hasSize(40).isEqualTo(hashes(file, 1));
    }

    @Tag("fault")
    @DisplayName("row 38: what is no video is refused for a reason")
    @Test
    void refusesWhatIsNoVideo() throws IOException {
        Path text = Files.writeString(directory.resolve("text.mp4"), "This is not a video.\n".repeat(500));
        Path empty = Files.createFile(directory.resolve("empty.mp4"));
        Path noise = directory.resolve("noise.mp4");
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        Files.write(noise, bytes);
        Path sound = Clips.make(directory.resolve("sound.mp4"), "-f lavfi -i sine=duration=1 -c:a aac");
        Path wav = Clips.make(directory.resolve("sound.wav"), "-f lavfi -i sine=duration=1");
        Path playlist = Files.writeString(
                directory.resolve("playlist.mp4"),
                "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
        Path concat = Files.writeString(directory.resolve("concat.mp4"), "ffconcat version 1.0\nfile '/etc/passwd'\n");

        assertThat(refusal(empty)).contains("is empty");
        assertThat(refusal(sound)).contains("no video").contains("only sound");
        assertThat(refusal(wav)).contains("no video");
        assertThat(refusal(directory.resolve("missing.mp4"))).contains("does not exist");
        assertThat(refusal(directory)).contains("is not a file");
        for (Path file : List.of(text, noise, playlist, concat)) {
            assertThat(refusal(file)).contains("is not a video");
        }
    }

    @Tag("fault")
    @DisplayName("row 38: pictures of 16,000 pixels are refused")
    @Test
    void refusesPicturesWithoutMeasure() {
        Path file = Clips.make(
                directory.resolve("wide.mkv"), "-f lavfi -i color=red:size=16000x16:rate=5 -frames:v 2 -c:v ffv1");

        assertThat(refusal(file)).contains("16000x16 pixels").contains("at most 8192");
    }

    @Tag("fault")
    @DisplayName("row 38: an mp4 without its index is refused")
    @Test
    void refusesAnMp4WithoutItsIndex() throws IOException {
        Path file = Clips.moving(directory.resolve("whole.mp4"), 64, 64, 10, 50);
        byte[] bytes = Files.readAllBytes(file);
        Path half = Files.write(directory.resolve("half.mp4"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(refusal(half)).contains("is not a video, or is damaged");
    }

    @Tag("fault")
    @DisplayName("row 38: a truncated file gives what it has")
    @ParameterizedTest
    @ValueSource(strings = {"whole.mp4 -movflags +faststart", "whole.mkv -f matroska", "whole.avi -f avi"})
    void deliversWhatATruncatedFileHasAndSaysSo(String clip) throws IOException {
        Path file = Clips.make(
                directory.resolve(clip.substring(0, clip.indexOf(' '))),
                "-f lavfi -i testsrc2=size=128x96:rate=10 -frames:v 100 -c:v mpeg4"
                        + clip.substring(clip.indexOf(' ')));
        byte[] bytes = Files.readAllBytes(file);
        Path half =
                Files.write(directory.resolve("half-" + file.getFileName()), Arrays.copyOf(bytes, bytes.length / 2));

        try (VideoFile video = VideoFile.open(half)) {
            List<Long> numbers = new ArrayList<>();
            assertThatThrownBy(() -> {
                        for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                            numbers.add(frame.number());
                        }
                    })
                    .isInstanceOf(VideoException.class)
                    .hasMessageContaining(half.toString())
                    .hasMessageContaining("breaks off after");
            assertThat(numbers).hasSizeBetween(35, 65);
        }
    }

    @Test
    void endsATransportStreamWhereItIsCut() throws IOException {
        Path file = Clips.make(
                directory.resolve("whole.ts"),
                "-f lavfi -i testsrc2=size=128x96:rate=10 -frames:v 100 -c:v mpeg2video");
        byte[] bytes = Files.readAllBytes(file);
        Path half = Files.write(directory.resolve("half.ts"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(times(half)).hasSizeBetween(35, 65).isSorted();
    }

    @Test
    void decodesThroughDamage() throws IOException {
        Path file = Clips.make(
                directory.resolve("clip.mp4"),
                "-f lavfi -i testsrc2=size=320x240:rate=25 -frames:v 150 -c:v libopenh264 -b:v 2M -movflags +faststart");
        byte[] bytes = Files.readAllBytes(file);
        int media = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mdat") + 4;
        Random random = new Random(7);
        for (int flip = 0; flip < 2000; flip++) {
            bytes[media + random.nextInt(bytes.length - media)] ^= (byte) (1 << random.nextInt(8));
        }
        Path damaged = Files.write(directory.resolve("damaged.mp4"), bytes);

        List<Integer> once = hashes(damaged, 1);
        assertThat(once).hasSizeBetween(1, 150);
        assertThat(hashes(damaged, 1)).isEqualTo(once);
    }

    @Test
    void aFrameExpiresWhenTheNextIsRead() {
        Path file = Clips.moving(directory.resolve("clip.mp4"), 64, 64, 10, 3);

        try (VideoFile video = VideoFile.open(file)) {
            DecodedFrame frame = first(video);
            first(video);
            assertThatThrownBy(frame::toBgr).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void keepsNoMemory() throws IOException {
        Path file = Clips.moving(directory.resolve("clip.mp4"), 320, 240, 25, 25);
        List<Long> kept = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            long before = nativeKib();
            for (int cycle = 0; cycle < 60; cycle++) {
                readAll(file);
            }
            kept.add(nativeKib() - before);
        }
        // One frame that is not freed would be 60 × 112 KiB in every round; what the JVM takes or gives back
        // for itself comes in some.
        kept.sort(null);
        assertThat(kept.get(2)).describedAs("the middle one of %s KiB", kept).isLessThan(3 * 1024);
    }

    @Test
    void readsARealFile() {
        Path file = Assets.require("videos/intel_reid_full.mp4");

        try (VideoFile video = VideoFile.open(file)) {
            assertThat(video.source().width()).isEqualTo(480);
            assertThat(video.source().height()).isEqualTo(270);
            assertThat(video.expectedFrames()).hasValue(328);
        }
        assertThat(times(file)).hasSize(328);
    }

    private static final String RED_AND_BLUE =
            "-f lavfi -i color=red:size=32x32:rate=5 -f lavfi -i color=blue:size=32x32:rate=5"
                    + " -filter_complex hstack -frames:v 3 -pix_fmt yuv420p -c:v mpeg4 -q:v 2";

    private static String redSide(byte[] bgr, int width, int height) {
        boolean topLeft = red(bgr, 0);
        boolean topRight = red(bgr, width - 1);
        boolean bottomLeft = red(bgr, (height - 1) * width);
        if (topLeft) {
            return topRight ? "top" : bottomLeft ? "left" : "none";
        }
        return topRight ? "right" : bottomLeft ? "bottom" : "none";
    }

    private static boolean red(byte[] bgr, int pixel) {
        return (bgr[pixel * 3 + 2] & 0xFF) > 150 && (bgr[pixel * 3] & 0xFF) < 100;
    }

    private static DecodedFrame first(VideoFile video) {
        return requireNonNull(video.next());
    }

    private static String refusal(Path file) {
        try (VideoFile video = VideoFile.open(file)) {
            throw new AssertionError(video.source() + " was opened");
        } catch (VideoException e) {
            assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return e.getMessage();
        }
    }

    private static List<Long> times(Path file) {
        List<Long> times = new ArrayList<>();
        try (VideoFile video = VideoFile.open(file)) {
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                times.add(frame.captureTimeMicros());
            }
        }
        return times;
    }

    private static List<Integer> hashes(Path file, int threads) {
        List<Integer> hashes = new ArrayList<>();
        try (VideoFile video = VideoFile.open(file, threads)) {
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                hashes.add(Arrays.hashCode(frame.toBgr()));
            }
        }
        return hashes;
    }

    private static void readAll(Path file) {
        try (VideoFile video = VideoFile.open(file);
                JpegEncoder encoder = new JpegEncoder(90)) {
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                encoder.encode(frame, 1920);
                frame.toBgr(64, 48);
            }
        }
    }

    /** Memory in use outside the Java heap, which lies in the first 4 GiB. */
    private static long nativeKib() throws IOException {
        Pointer.trimMemory();
        long sum = 0;
        boolean heap = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                heap = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16) < 1L << 32;
            } else if (!heap && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }
}
