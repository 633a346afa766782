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

/** The scorer against scores that others published for the same files. */
class PublishedScoresTest {
    private static TrackingCounts counts(String sequence, String file) throws IOException {
        Path directory = Assets.require("mot/" + sequence);
        MotDirectory mot = MotDirectory.of(directory);
        Recording recording = mot.recording();
        return TrackingCounts.of(recording.with(MotDirectory.result(directory.resolve(file), recording)));
    }

    /** MOTChallenge's MATLAB kit and py-motmetrics agree on these; HOTA is py-motmetrics' and TrackEval's. */
    @ParameterizedTest
    @CsvSource({
        "TUD-Campus, 55.8, 73.0, 45.1, 58.2, 94.1, 13, 150, 7, 7, 52.6, .3913974378, .4180470301, .3691206812",
        "TUD-Stadtmitte, 64.5, 82.0, 53.1, 60.9, 94.0, 45, 452, 7, 6, 56.4, .3978490170, .3922675724, .4088407518"
    })
    void cemOnTud(
            String sequence,
            double idf1,
            double idp,
            double idr,
            double recall,
            double precision,
            int falsePositives,
            int falseNegatives,
            int switches,
            int fragments,
            double mota,
            double hota,
            double detA,
            double assA)
            throws IOException {
        TrackingScore score = counts(sequence, "test.txt").score();
        assertThat(100 * score.idf1()).isCloseTo(idf1, within(0.05));
        assertThat(100 * score.idp()).isCloseTo(idp, within(0.05));
        assertThat(100 * score.idr()).isCloseTo(idr, within(0.05));
        assertThat(100 * score.recall()).isCloseTo(recall, within(0.05));
        assertThat(100 * score.precision()).isCloseTo(precision, within(0.05));
        assertThat(score.falsePositives()).isEqualTo(falsePositives);
        assertThat(score.falseNegatives()).isEqualTo(falseNegatives);
        assertThat(score.switches()).isEqualTo(switches);
        assertThat(score.fragments()).isEqualTo(fragments);
        assertThat(100 * score.mota()).isCloseTo(mota, within(0.05));
        assertThat(score.hota()).isCloseTo(hota, within(1e-6));
        assertThat(score.detA()).isCloseTo(detA, within(1e-6));
        assertThat(score.assA()).isCloseTo(assA, within(1e-6));
    }

    @Test
    void bothTogether() throws IOException {
        TrackingScore both = counts("TUD-Campus", "test.txt")
                .plus(counts("TUD-Stadtmitte", "test.txt"))
                .score();
        assertThat(both.hota()).isCloseTo(0.3999570913, within(1e-6));
        assertThat(both.detA()).isCloseTo(0.3976832912, within(1e-6));
        assertThat(both.assA()).isCloseTo(0.4124495298, within(1e-6));
    }

    /**
     * TrackEval at commit 12c8791 on the same files, with its pre-processing for MOT17: predictions that fit a
     * distractor don't count.
     */
    @ParameterizedTest
    @CsvSource({
        "MOT17-05, SDP, .5613636568, .5617196518, .5616106472, .6401619199, 105, 2351, 33, .6945115637",
        "MOT17-09, SDP, .6395506307, .6728577929, .6078948356, .7301408451, 69, 1356, 12, .7298942647",
        "MOT17-05, FRCNN, .5637118719, .5287949796, .6014227156, .6018505132, 73, 2651, 30, .6890547264",
        "MOT17-09, FRCNN, .6422612822, .6682335202, .6173401012, .7154929577, 54, 1451, 10, .7288446990",
        "MOT17-05, DPM, .5366841572, .5025089966, .5736928942, .5820442388, 40, 2824, 27, .6704072398",
        "MOT17-09, DPM, .6277071270, .6681235454, .5897583391, .7290140845, 58, 1370, 15, .7159991433"
    })
    void lifTOnMot17(
            String sequence,
            String detector,
            double hota,
            double detA,
            double assA,
            double mota,
            int falsePositives,
            int falseNegatives,
            int switches,
            double idf1)
            throws IOException {
        TrackingScore score = counts(sequence, "Lif_T-" + detector + ".txt").score();
        assertThat(score.hota()).isCloseTo(hota, within(1e-6));
        assertThat(score.detA()).isCloseTo(detA, within(1e-6));
        assertThat(score.assA()).isCloseTo(assA, within(1e-6));
        assertThat(score.mota()).isCloseTo(mota, within(1e-9));
        assertThat(score.falsePositives()).isEqualTo(falsePositives);
        assertThat(score.falseNegatives()).isEqualTo(falseNegatives);
        assertThat(score.switches()).isEqualTo(switches);
        assertThat(score.idf1()).isCloseTo(idf1, within(1e-9));
    }
}
