package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;
import paseo.standalone.AnnotatedVideo.Mark;
import paseo.standalone.AnnotatedVideo.Sampling;

class AnnotatedVideoTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final int FRAMES = 10;

    @TempDir
    Path directory;

    @Test
    void boxesAreDrawnInTheirFramesInTheColourOfThePerson() throws Exception {
        Path video = directory.resolve("grey.mp4");
        record(video);
        Path copy = directory.resolve("new/annotated.mp4");
        AnnotatedVideo.write(
                video, copy, Map.of(3L, List.of(new Mark(100, 100, 60, 80, 1))), Sampling.EVERY_FRAME, () -> {});
        int frames = 0;
        try (VideoFile file = VideoFile.open(copy)) {
            assertThat(file.source().width()).isEqualTo(WIDTH);
            assertThat(file.source().frameRate()).isEqualTo(25);
            for (DecodedFrame frame = file.next(); frame != null; frame = file.next()) {
                assertThat(frame.captureTimeMicros()).isEqualTo(frames * 40_000L);
                int[] onTheLine = pixel(frame, 100, 140);
                PersonColour wanted = frames == 3 ? PersonColour.of(1) : new PersonColour(90, 90, 90);
                assertThat(distance(onTheLine, wanted)).as("frame %d", frames).isLessThan(90);
                assertThat(distance(pixel(frame, 130, 140), new PersonColour(90, 90, 90)))
                        .as("inside, frame %d", frames)
                        .isLessThan(40);
                frames++;
            }
        }
        assertThat(frames).isEqualTo(FRAMES);
        assertThat(directory.resolve("new")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void boxesStayUntilTheNextFrameThatWasLookedAt() throws Exception {
        Path video = directory.resolve("grey.mp4");
        record(video);
        Path copy = directory.resolve("annotated.mp4");
        Sampling sampling = new Sampling(OptionalDouble.of(10), 1);
        AnnotatedVideo.write(video, copy, Map.of(3L, List.of(new Mark(100, 100, 60, 80, 1))), sampling, () -> {});
        List<Long> boxed = new ArrayList<>();
        try (VideoFile file = VideoFile.open(copy)) {
            for (DecodedFrame frame = file.next(); frame != null; frame = file.next()) {
                if (distance(pixel(frame, 100, 140), PersonColour.of(1)) < 90) {
                    boxed.add(frame.number());
                }
            }
        }
        assertThat(boxed).containsExactly(3L, 4L, 5L);
    }

    @Test
    void aVideoThatIsNoneIsNamed() {
        Path none = directory.resolve("none.mp4");
        assertThatThrownBy(() -> AnnotatedVideo.write(
                        none, directory.resolve("copy.mp4"), Map.of(), Sampling.EVERY_FRAME, () -> {}))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(none.toString());
    }

    @Test
    void nothingIsLeftOfACopyThatIsStopped() throws Exception {
        Path video = directory.resolve("grey.mp4");
        record(video);
        Path copies = directory.resolve("copies");
        AtomicInteger frames = new AtomicInteger();
        assertThatThrownBy(() -> AnnotatedVideo.write(
                        video, copies.resolve("annotated.mp4"), Map.of(), Sampling.EVERY_FRAME, () -> {
                            if (frames.incrementAndGet() > FRAMES / 2) {
                                throw Refusal.failed("stopped", null);
                            }
                        }))
                .isInstanceOf(Refusal.class)
                .hasMessage("stopped");
        assertThat(copies).isEmptyDirectory();
    }

    private static void record(Path target) throws IOException {
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(target.toFile(), WIDTH, HEIGHT, 0);
                Frame grey = new Frame(WIDTH, HEIGHT, Frame.DEPTH_UBYTE, 3, WIDTH * 3)) {
            recorder.setFormat("mp4");
            recorder.setVideoCodecName("libopenh264");
            recorder.setFrameRate(25);
            recorder.setVideoBitrate(1_000_000);
            recorder.start();
            ByteBuffer pixels = (ByteBuffer) grey.image[0];
            for (int i = 0; i < pixels.capacity(); i++) {
                pixels.put(i, (byte) 90);
            }
            for (int i = 0; i < FRAMES; i++) {
                recorder.record(grey, AV_PIX_FMT_BGR24);
            }
        }
    }

    private static int[] pixel(DecodedFrame frame, int x, int y) {
        byte[] bgr = frame.toBgr();
        int at = (y * WIDTH + x) * 3;
        return new int[] {bgr[at + 2] & 0xff, bgr[at + 1] & 0xff, bgr[at] & 0xff};
    }

    private static int distance(int[] rgb, PersonColour colour) {
        return Math.abs(rgb[0] - colour.red()) + Math.abs(rgb[1] - colour.green()) + Math.abs(rgb[2] - colour.blue());
    }
}
