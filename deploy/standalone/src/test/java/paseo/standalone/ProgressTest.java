package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import paseo.frames.SourceStatus;
import paseo.frames.SourceStatus.State;

class ProgressTest {
    @Test
    void oneInput() {
        Progress progress = new Progress(1, 0, Optional.empty(), 1500, 1500, 1400, OptionalLong.of(3000), 1, 2, 1);
        assertThat(progress.line(35.26, progress.left(0, Duration.ofSeconds(70))))
                .isEqualTo(" 46 %  frames 1,500 decoded, 1,400 processed  35.3 fps  1 face  2 sequences  1 person"
                        + "  1:20 left");
    }

    @Test
    void severalInputsOfUnknownLength() {
        Progress progress = new Progress(6, 2, Optional.empty(), 10, 10, 0, OptionalLong.empty(), 0, 0, 0);
        assertThat(progress.line(0, Optional.empty()))
                .isEqualTo("input 3/6  frames 10 decoded, 0 processed  0.0 fps  0 faces  0 sequences  0 people");
    }

    @Test
    void aFileThatIsReadThroughBeforeItsFirstFrame() {
        Progress progress = new Progress(2, 1, Optional.of("big.mp4"), 10, 10, 10, OptionalLong.empty(), 0, 0, 0);
        assertThat(progress.line(0, Optional.empty()))
                .isEqualTo("input 2/2  reading through big.mp4  frames 10 decoded, 10 processed  0.0 fps  0 faces"
                        + "  0 sequences  0 people");
    }

    @Test
    void framesSkippedAtAResumeOrBySamplingAreDone() {
        assertThat(new Progress(1, 0, Optional.empty(), 1000, 100, 40, OptionalLong.of(2000), 0, 0, 0).done())
                .isEqualTo(940);
    }

    @Test
    void inputsThatAnEarlierRunHasReadSayNothingOfTheLengthOfOthers() {
        List<SourceStatus> sources = new ArrayList<>(Collections.nCopies(100, source(State.DONE, 0)));
        assertThat(Progress.expected(sources)).isEmpty();
        sources.add(source(State.READING, 1000));
        sources.add(source(State.WAITING, 0));
        assertThat(Progress.expected(sources)).hasValue(2000);
    }

    private static SourceStatus source(State state, long expected) {
        return new SourceStatus("", 0, "a.mp4", state, 0, 0, OptionalLong.of(expected), 0, 0, Optional.empty());
    }

    @Test
    void moreProcessedThanPublishedAfterARedeliveryIsNotMoreThanRead() {
        assertThat(new Progress(1, 0, Optional.empty(), 100, 50, 60, OptionalLong.of(100), 0, 0, 0).share())
                .hasValue(1);
    }

    @Test
    void timeLeftCountsFromWhereThisRunBegan() {
        Progress progress = new Progress(1, 0, Optional.empty(), 75, 25, 25, OptionalLong.of(100), 0, 0, 0);
        assertThat(progress.left(0.5, Duration.ofSeconds(10))).contains(Duration.ofSeconds(10));
        assertThat(progress.left(0.74, Duration.ofSeconds(10))).isEmpty();
    }
}
