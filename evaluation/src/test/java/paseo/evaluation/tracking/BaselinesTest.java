package paseo.evaluation.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.evaluation.scoring.TrackingCounts;
import paseo.evaluation.scoring.TrackingScore;
import paseo.testing.Assets;

/** Baselines have the scores that were published for them; a weak baseline would flatter us. */
class BaselinesTest {
    @ParameterizedTest
    @CsvSource({"choke1, .376, 94", "street, .553, 74", "sidewalk, .491, 134", "bengal, .554, 104"})
    void plainOverlapOnFaces(String name, double idf1, int switches) throws IOException {
        Recording recording = LtftFile.read(Assets.require("ltft/" + name + ".txt"));
        TrackingScore score = score(recording, new OverlapTracker());
        assertThat(score.idf1()).isCloseTo(idf1, within(0.0005));
        assertThat(score.switches()).isEqualTo(switches);
    }

    /** As the README of its authors' implementation has it. */
    @Test
    void sortOnItsOwnDetections() throws IOException {
        Path directory = Assets.require("mot/TUD-Campus");
        Recording recording = MotDirectory.of(directory).recording(directory.resolve("det_sort_frcnn.txt"));
        TrackingScore score = score(recording, new SortTracker());
        assertThat(100 * score.mota()).isCloseTo(62.7, within(0.05));
        assertThat(score.falsePositives()).isEqualTo(15);
        assertThat(score.falseNegatives()).isEqualTo(113);
        assertThat(score.switches()).isEqualTo(6);
        assertThat(score.fragments()).isEqualTo(9);
    }

    private static TrackingScore score(Recording recording, BoxTracker tracker) {
        return TrackingCounts.of(recording.with(tracker.follow(recording))).score();
    }
}
