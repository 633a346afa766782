package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.FrameBoxes.Predicted;
import paseo.evaluation.scoring.FrameBoxes.Role;
import paseo.evaluation.scoring.FrameBoxes.Truth;
import paseo.evaluation.scoring.TrackingCounts.TrackTruth;
import paseo.events.Box;

class TrackingCountsTest {
    private final List<FrameBoxes> frames = new ArrayList<>();

    /** Where somebody is, far from everybody with another letter. */
    private static Box at(String person) {
        return new Box(100 * (person.charAt(0) - 'a'), 0, 50, 60);
    }

    /** A frame in words: {@code a1 b- -2} is a followed by track 1, b not found, track 2 at a place where nobody is. */
    private void frame(String words) {
        List<Truth> truth = new ArrayList<>();
        List<Predicted> predicted = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            String person = word.substring(0, 1);
            String track = word.substring(1);
            if (!person.equals("-")) {
                truth.add(Truth.counted(person, at(person)));
            }
            if (!track.equals("-")) {
                predicted.add(new Predicted(track, person.equals("-") ? new Box(5_000, 500, 50, 60) : at(person)));
            }
        }
        frames.add(new FrameBoxes(truth, predicted));
    }

    private TrackingScore score() {
        return TrackingCounts.of(frames).score();
    }

    @Test
    void perfectIsOne() {
        frame("a1 b2");
        frame("a1 b2");
        frame("b2");
        TrackingScore score = score();
        assertThat(score.mota()).isEqualTo(1);
        assertThat(score.idf1()).isEqualTo(1);
        assertThat(score.hota()).isCloseTo(1, within(1e-12));
        assertThat(score.switches() + score.fragments()).isZero();
    }

    @Test
    void countsByHand() {
        frame("a1 b2");
        frame("a1 b- -9");
        frame("a3 b2");
        frame("a3 b2");
        frame("a3 b-");
        TrackingScore score = score();
        assertThat(score.truth()).isEqualTo(10);
        assertThat(score.falseNegatives()).isEqualTo(2);
        assertThat(score.falsePositives()).isEqualTo(1);
        assertThat(score.switches()).isEqualTo(1);
        assertThat(score.fragments()).isEqualTo(1);
        assertThat(score.mota()).isCloseTo(0.6, within(1e-12));
        // a with 3, b with 2: three boxes each of 10 true and 9 predicted.
        assertThat(score.idf1()).isCloseTo(2 * 6 / 19.0, within(1e-12));
        assertThat(score.idp()).isCloseTo(6 / 9.0, within(1e-12));
        assertThat(score.idr()).isCloseTo(6 / 10.0, within(1e-12));
        double association = (2 * 2 / 5.0 + 3 * 3 / 5.0 + 3 * 3 / 5.0) / 8;
        assertThat(score.assA()).isCloseTo(association, within(1e-12));
        assertThat(score.detA()).isCloseTo(8 / 11.0, within(1e-12));
        assertThat(score.hota()).isCloseTo(Math.sqrt(association * 8 / 11), within(1e-12));
    }

    @Test
    void aPairOfTheFrameBeforeIsKeptWhileItOverlapsEnough() {
        Box person = new Box(0, 0, 100, 100);
        frames.add(new FrameBoxes(List.of(Truth.counted("a", person)), List.of(new Predicted("1", person))));
        Predicted worse = new Predicted("1", new Box(30, 0, 100, 100));
        Predicted better = new Predicted("2", new Box(10, 0, 100, 100));
        frames.add(new FrameBoxes(List.of(Truth.counted("a", person)), List.of(worse, better)));
        assertThat(score().switches()).isZero();
        Predicted tooFar = new Predicted("1", new Box(40, 0, 100, 100));
        frames.add(new FrameBoxes(List.of(Truth.counted("a", person)), List.of(tooFar, better)));
        assertThat(score().switches()).isEqualTo(1);
    }

    @Test
    void whoLeavesAndComesBackUnderTheSameTrackWasNotLost() {
        frame("a1");
        frame("b2");
        frame("a1 b2");
        assertThat(score().fragments()).isZero();
    }

    @Test
    void whatIsNeutralIsNeitherRightNorWrong() {
        Box small = new Box(300, 0, 20, 20);
        Box crowd = new Box(1_000, 0, 200, 200);
        List<Truth> truth = List.of(
                Truth.counted("a", at("a")),
                new Truth("b", small, Role.NEUTRAL),
                new Truth("crowd", crowd, Role.REGION));
        List<Predicted> predicted = List.of(
                new Predicted("1", at("a")),
                new Predicted("2", small),
                new Predicted("3", new Box(1_050, 50, 20, 20)),
                new Predicted("4", new Box(1_190, 0, 20, 20)),
                new Predicted("5", new Box(1_195, 0, 20, 20)));
        TrackingCounts counts = TrackingCounts.of(List.of(new FrameBoxes(truth, predicted)));
        assertThat(counts.score().truth()).isEqualTo(1);
        assertThat(counts.score().falsePositives()).isEqualTo(1);
        assertThat(counts.tracks())
                .isEqualTo(Map.of(
                        "1", new TrackTruth("a", 1, 1, 1, 0),
                        "2", new TrackTruth("b", 1, 0, 0, 1),
                        "3", new TrackTruth(null, 0, 0, 0, 1),
                        "4", new TrackTruth(null, 0, 0, 0, 1),
                        "5", new TrackTruth(null, 0, 1, 0, 0)));
    }

    @Test
    void aTrackIsOfWhomItFollowsMost() {
        frame("a1 b2");
        frame("a1 b2");
        frame("a2 b1");
        frame("a- b1 -2");
        TrackTruth two = TrackingCounts.of(frames).tracks().get("2");
        assertThat(two).isEqualTo(new TrackTruth("b", 2 / 3.0, 4, 3, 0));
    }

    @Test
    void whoeverIsDrawnHasNoMoreMatchesThanBoxes() {
        frame("a1 b-");
        frame("a1 b-");
        frame("a- b1");
        TrackingCounts counts = TrackingCounts.of(frames);
        Estimate precision = counts.estimate(Bootstrap.byPerson(counts.units(), 1), TrackingScore::precision);
        assertThat(precision).isEqualTo(new Estimate.Known(1, 1, 1));
    }

    @Test
    void unitsCanBePutTogether() {
        frame("a1 b2");
        frame("a1 b3");
        TrackingCounts counts = TrackingCounts.of(frames);
        TrackingCounts together = counts.by(unit -> "everybody");
        assertThat(together.units()).containsExactly("everybody");
        assertThat(together.score().mota()).isEqualTo(counts.score().mota());
    }

    @Test
    void videosAddUp() {
        frame("a1 b2");
        frame("a1 b-");
        TrackingCounts first = TrackingCounts.of(List.copyOf(frames));
        frames.clear();
        frame("a3 -4");
        TrackingCounts both = first.plus(TrackingCounts.of(frames));
        assertThat(both.score().truth()).isEqualTo(5);
        assertThat(both.score().mota()).isCloseTo(1 - 2 / 5.0, within(1e-12));
        assertThat(both.units()).containsExactlyInAnyOrder("a", "b", "nobody/4");
        assertThat(both.tracks()).containsOnlyKeys("1", "2", "3", "4");
    }

    @Test
    void intervalsHoldTheScore() {
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            StringBuilder words = new StringBuilder();
            for (char person = 'a'; person < 'k'; person++) {
                String track = random.nextInt(10) < person - 'a' ? "-" : Integer.toString(person + i / 100);
                words.append(words.isEmpty() ? "" : " ").append(person).append(track);
            }
            frame(words.toString());
        }
        TrackingCounts counts = TrackingCounts.of(frames);
        Bootstrap bootstrap = Bootstrap.byPerson(counts.units(), 1);
        Estimate.Known hota = (Estimate.Known) counts.estimate(bootstrap, TrackingScore::hota);
        assertThat(hota.value()).isCloseTo(counts.score().hota(), within(1e-12));
        assertThat(hota.low()).isLessThan(hota.value() - 0.02);
        assertThat(hota.high()).isGreaterThan(hota.value() + 0.02);
    }

    /** The largest that has to be scored. */
    @Test
    void sixThousandFramesOfFifteenTakeSeconds() {
        Random random = new Random(3);
        for (int i = 0; i < 6_500; i++) {
            List<Truth> truth = new ArrayList<>();
            List<Predicted> predicted = new ArrayList<>();
            for (int j = 0; j < 15; j++) {
                Box box = new Box(random.nextInt(600), random.nextInt(400), 60, 80);
                truth.add(Truth.counted("p" + (j + 15 * (i / 200)), box));
                predicted.add(new Predicted(
                        "t" + (j + 15 * (i / 150)), new Box(box.x() + random.nextInt(9), box.y(), 60, 80)));
            }
            frames.add(new FrameBoxes(truth, predicted));
        }
        TrackingScore score = Assertions.assertTimeout(Duration.ofSeconds(60), this::score);
        assertThat(score.recall()).isGreaterThan(0.9);
    }
}
