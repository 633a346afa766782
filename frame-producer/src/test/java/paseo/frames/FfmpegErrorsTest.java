package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;

class FfmpegErrorsTest {
    /** Not a byte more than the words, whatever lay in that memory before. */
    @Test
    void areWordsAndNothingElse() {
        for (int repetition = 0; repetition < 100; repetition++) {
            assertThat(FfmpegErrors.describe(avutil.AVERROR_INVALIDDATA))
                    .isEqualTo("Invalid data found when processing input");
            assertThat(FfmpegErrors.describe(avutil.AVERROR_EOF)).isEqualTo("End of file");
        }
    }

    @Test
    void toldApartIsWhatTheMachineCannotDoFromWhatIsInTheFile() {
        assertThat(FfmpegErrors.ofTheMachine(avutil.AVERROR_EXIT)).isTrue();
        assertThat(FfmpegErrors.ofTheMachine(org.bytedeco.ffmpeg.presets.avutil.AVERROR_EIO()))
                .isTrue();
        assertThat(FfmpegErrors.ofTheMachine(0)).isFalse();
        assertThat(FfmpegErrors.ofTheMachine(avutil.AVERROR_INVALIDDATA)).isFalse();
        assertThat(FfmpegErrors.ofTheMachine(avutil.AVERROR_EOF)).isFalse();
    }
}
