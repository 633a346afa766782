package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatienceTest {
    private static final Progress READING = progress(10, Optional.empty());

    @TempDir
    Path directory;

    @Test
    void endsWhereNothingMovesForThreeMinutes() {
        Patience patience = new Patience(List.of(), READING, 0);
        assertThat(patience.exceeded(READING, minutes(3))).isEmpty();
        assertThat(patience.exceeded(progress(11, Optional.empty()), minutes(3) + 1))
                .isEmpty();
        assertThat(patience.exceeded(progress(11, Optional.empty()), minutes(6) + 1))
                .isEmpty();
        assertThat(patience.exceeded(progress(11, Optional.empty()), minutes(7)))
                .hasValueSatisfying(still -> assertThat(still.toMinutes()).isEqualTo(3));
    }

    /** 3 GB take ten minutes at 5 MB/s. The file has no blocks on the disk. */
    @Test
    void aLargeFileIsReadThroughForAsLongAsItMayTake() throws IOException {
        Path large = directory.resolve("large.mp4");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(3_000_000_000L);
        }
        Progress beginning = progress(10, Optional.of("large.mp4"));
        for (Path input : List.of(large, directory)) {
            Patience patience = new Patience(List.of("small.mp4", input.toString()), beginning, 0);
            assertThat(patience.exceeded(beginning, minutes(13))).isEmpty();
            assertThat(patience.exceeded(beginning, minutes(13) + 1)).isPresent();
        }
        Patience patience = new Patience(List.of(large.toString()), beginning, 0);
        assertThat(patience.exceeded(READING, minutes(12)))
                .as("its first frame is waited for from when it was read through")
                .isEmpty();
        assertThat(patience.exceeded(READING, minutes(15) + 1)).isPresent();
    }

    private static long minutes(int minutes) {
        return Duration.ofMinutes(minutes).toNanos();
    }

    private static Progress progress(long read, Optional<String> beginning) {
        return new Progress(2, 1, beginning, read, 10, 10, OptionalLong.empty(), 0, 0, 0);
    }
}
