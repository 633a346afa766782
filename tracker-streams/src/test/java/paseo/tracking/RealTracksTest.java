package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tracker on real faces beside plain overlap: at most half of its switches, an IDF1 at least .05 above its. */
class RealTracksTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "choke1, .376, 94",
        "street, .553, 74",
        "sidewalk, .491, 134",
        "bengal, .554, 104",
    })
    void overlapAloneScoresWhatIsPublished(String name, double idf1, int switches) throws IOException {
        RecordedFaces.Score score = RecordedFaces.read(name, 1).byOverlap();
        assertThat(score.idf1()).isCloseTo(idf1, within(0.0005));
        assertThat(score.switches()).isEqualTo(switches);
    }

    @ParameterizedTest(name = "{0}, every frame of {1}")
    @CsvSource({
        "street, 1", "sidewalk, 1", "bengal, 1", "terminal_1, 1", "terminal_3, 1",
        "street, 6", "sidewalk, 6", "bengal, 6", "terminal_1, 6", "terminal_3, 6"
    })
    void followsRealFacesBetterThanOverlapAlone(String name, int everyNth) throws IOException {
        RecordedFaces faces = RecordedFaces.read(name, everyNth);
        RecordedFaces.Score plain = faces.byOverlap();
        RecordedFaces.Score ours = faces.tracked(TrackerParameters.standard());
        System.out.printf(
                "%s at %.0f fps: IDF1 %.3f, %d switches, %d sequences (overlap %.3f, %d, %d)%n",
                name,
                RecordedFaces.FRAMES_PER_SECOND / everyNth,
                ours.idf1(),
                ours.switches(),
                ours.tracks(),
                plain.idf1(),
                plain.switches(),
                plain.tracks());
        assertThat(ours.switches()).isLessThanOrEqualTo(plain.switches() / 2);
        assertThat(ours.idf1()).isGreaterThanOrEqualTo(plain.idf1() + 0.05);
    }

    /**
     * Twenty-four people come in three times, 20 s and more apart. Who ends a track within 20 s cannot have fewer than
     * 48 switches nor an IDF1 above .409, however good.
     */
    @Test
    void comesNearTheBestThatCanBeDoneWhereEveryoneComesBackAfterLong() throws IOException {
        RecordedFaces faces = RecordedFaces.read("choke1", 1);
        RecordedFaces.Score best = faces.visits(20);
        RecordedFaces.Score ours = faces.tracked(TrackerParameters.standard());
        System.out.printf(
                "choke1: IDF1 %.3f, %d switches; every visit without a fault %.3f, %d%n",
                ours.idf1(), ours.switches(), best.idf1(), best.switches());
        assertThat(best.switches()).isEqualTo(48);
        assertThat(ours.switches()).isLessThanOrEqualTo(best.switches() + 7);
        assertThat(ours.idf1()).isGreaterThan(best.idf1() - 0.01);
    }

    /** What is found again is found by waiting longer, not by the other rules. */
    @Test
    void losesPeopleWhoAreHiddenForSecondsWhenItDoesNotWaitForThem() throws IOException {
        RecordedFaces faces = RecordedFaces.read("street", 1);
        RecordedFaces.Score patient = faces.tracked(TrackerParameters.standard());
        RecordedFaces.Score impatient =
                faces.tracked(TrackerParameters.standard().withRelink(Duration.ZERO));
        assertThat(patient.switches()).isLessThan(impatient.switches() - 5);
        assertThat(patient.idf1()).isGreaterThan(impatient.idf1() + 0.03);
    }
}
