package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;

import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.junit.jupiter.api.Test;

class ReadDeadlineTest {
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

    private static boolean interrupts(AVFormatContext context) {
        return context.interrupt_callback().callback().call(context) != 0;
    }
}
