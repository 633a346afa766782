package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadDeadlineTest {
    @TempDir
    private Path directory;

    /** A freed context's address is given to the next one, maybe before the first deadline is closed. */
    @Test
    void isNotTakenAwayByTheOneThatWasAtThisAddressBefore() {
        AVFormatContext context = avformat_alloc_context();
        StopSignal stop = new StopSignal();
        ReadDeadline before = new ReadDeadline(context, Duration.ofHours(1), () -> false);
        ReadDeadline now = new ReadDeadline(context, Duration.ofHours(1), stop::raised);
        try {
            before.close();
            assertThat(interrupts(context)).isFalse();
            stop.raise();
            assertThat(interrupts(context)).isTrue();
        } finally {
            now.close();
            avformat_free_context(context);
        }
    }

    @Test
    void aFileIsReadToItsEndHoweverLongTheProcessStoodStill() {
        Path clip = Clips.make(
                directory.resolve("clip.mp4"),
                "-f lavfi -i testsrc2=size=64x48:rate=10 -f lavfi -i sine -t 1 -pix_fmt yuv420p -c:v mpeg4 -c:a aac");
        Duration limit = Duration.ofMillis(500);
        InputRequest request = new InputRequest(
                "file:" + clip, Optional.empty(), Map.of(), limit, limit, 1, false, false, () -> false);

        try (VideoInput input = new VideoInput(request)) {
            AtomicBoolean stands = new AtomicBoolean(true);
            input.waitForEver();
            // Between two pictures: at each the time begins anew.
            input.onPacket(packet -> {
                if (packet.stream_index() != input.stream().index() && stands.getAndSet(false)) {
                    standStill(limit);
                }
            });
            int pictures = 0;
            while (input.next() != null) {
                pictures++;
            }
            assertThat(stands).isFalse();
            assertThat(input.brokenOff()).isEmpty();
            assertThat(pictures).isEqualTo(10);
        }
    }

    /** For a little longer. */
    private static void standStill(Duration limit) {
        long end = System.nanoTime() + limit.plusMillis(50).toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static boolean interrupts(AVFormatContext context) {
        return context.interrupt_callback().callback().call(context) != 0;
    }
}
