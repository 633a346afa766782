package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import paseo.events.Decision;

class MatchPolicyTest {
    private static final MatchThresholds THRESHOLDS = new MatchThresholds(0.5, 0.4, 0.05, "test");
    private static final MatchPolicy POLICY = new MatchPolicy(THRESHOLDS);
    private static final int ENOUGH = MatchPolicy.FACES_TO_CREATE;

    @Test
    void nobodyStoredMakesAPerson() {
        Verdict verdict = POLICY.decide(ENOUGH, ENOUGH, List.of(), Set.of());

        assertThat(verdict.decision()).isEqualTo(Decision.NEW);
        assertThat(verdict.similarity()).isEmpty();
        assertThat(verdict.threshold()).hasValue(0.5);
    }

    @Test
    void tooFewFacesMakeNobody() {
        assertThat(POLICY.decide(ENOUGH - 1, ENOUGH, List.of(), Set.of()).decision())
                .isEqualTo(Decision.UNDECIDED);
        assertThat(POLICY.decide(ENOUGH - 1, ENOUGH, List.of(centre(1, 0.2)), Set.of())
                        .decision())
                .isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void oneFaceIsEnoughToRecognise() {
        assertThat(POLICY.decide(1, ENOUGH, List.of(centre(1, 0.8)), Set.of()).decision())
                .isEqualTo(Decision.RECOGNISED);
    }

    @Test
    void fewFacesMustAgreeMore() {
        MatchPolicy policy = new MatchPolicy(new MatchThresholds(0.5, 0.4, 0.6, 0.05, "test"));

        int few = MatchPolicy.FACES_TO_RELY_ON - 1;
        Verdict first = policy.decide(few, ENOUGH, List.of(centre(1, 0.55)), Set.of());
        assertThat(first.decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(first.threshold()).hasValue(0.6);
        assertThat(policy.decide(few, ENOUGH, List.of(centre(1, 0.6)), Set.of()).decision())
                .isEqualTo(Decision.RECOGNISED);
        Verdict enough = policy.decide(few + 1, ENOUGH, List.of(centre(1, 0.55)), Set.of());
        assertThat(enough.decision()).isEqualTo(Decision.RECOGNISED);
        assertThat(enough.threshold()).hasValue(0.5);
    }

    /** Four faces within a quarter of a second are one glimpse; three in two seconds are three. */
    @Test
    void facesThatFollowEachOtherCloselyMustBeMoreToMakeAPerson() {
        assertThat(MatchPolicy.facesToCreate(4, 240_000)).isEqualTo(5);
        assertThat(MatchPolicy.facesToCreate(60, 4_800_000)).isEqualTo(5);
        assertThat(MatchPolicy.facesToCreate(3, 500_000)).isEqualTo(3);
        assertThat(MatchPolicy.facesToCreate(8, 7_000_000)).isEqualTo(3);
        assertThat(MatchPolicy.facesToCreate(1, 0)).isEqualTo(5);
    }

    @Test
    void aNewPersonMayAskForMoreFaces() {
        assertThat(POLICY.decide(4, 5, List.of(), Set.of()).decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(POLICY.decide(5, 5, List.of(), Set.of()).decision()).isEqualTo(Decision.NEW);
        assertThat(POLICY.decide(4, 5, List.of(centre(1, 0.55)), Set.of()).decision())
                .isEqualTo(Decision.RECOGNISED);
    }

    @Test
    void anUnknownIsLookedAtEachTimeAKnownOneWhenTheEvidenceHasDoubled() {
        assertThat(MatchPolicy.worthALook(2, 0, false)).isFalse();
        assertThat(MatchPolicy.worthALook(3, 0, false)).isTrue();
        assertThat(MatchPolicy.worthALook(3, 3, false)).isFalse();
        assertThat(MatchPolicy.worthALook(4, 3, false)).isTrue();
        assertThat(MatchPolicy.worthALook(5, 3, true)).isFalse();
        assertThat(MatchPolicy.worthALook(6, 3, true)).isTrue();
    }

    @Test
    void theThresholdsThemselvesBelongToTheBandAbove() {
        assertThat(decide(centre(1, 0.5)).decision()).isEqualTo(Decision.RECOGNISED);
        assertThat(decide(centre(1, 0.4999)).decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(decide(centre(1, 0.4)).decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(decide(centre(1, 0.3999)).decision()).isEqualTo(Decision.NEW);
    }

    @Test
    void twoPersonsEquallyNearAreUndecided() {
        Verdict verdict = decide(centre(1, 0.70), centre(2, 0.68), centre(3, 0.1));

        assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict.similarity()).hasValue(0.70);
        assertThat(verdict.runnerUp()).hasValue(0.68);
    }

    @Test
    void aLeadOfTheMarginDecides() {
        Verdict verdict = decide(centre(1, 0.60), centre(2, 0.75));

        assertThat(verdict.decision()).isEqualTo(Decision.RECOGNISED);
        assertThat(verdict.person()).hasValue(2);
        assertThat(verdict.runnerUp()).hasValue(0.60);
    }

    @Test
    void whoWasSeenTogetherIsNeitherMatchedNorRunnerUp() {
        List<Candidate> candidates = List.of(centre(1, 0.95), centre(2, 0.60));

        Verdict verdict = POLICY.decide(ENOUGH, ENOUGH, candidates, Set.of(1L));
        assertThat(verdict.person()).hasValue(2);
        assertThat(verdict.runnerUp()).isEmpty();

        Verdict other = POLICY.decide(ENOUGH, ENOUGH, candidates, Set.of(2L));
        assertThat(other.person()).hasValue(1);
        assertThat(other.runnerUp()).isEmpty();
    }

    @Test
    void whenTheOnlyLikelyPersonIsExcludedTheProbeIsNew() {
        assertThat(POLICY.decide(ENOUGH, ENOUGH, List.of(centre(1, 0.95)), Set.of(1L))
                        .decision())
                .isEqualTo(Decision.NEW);
    }

    @Test
    void similarityIsTheMeanOfCentresAndBestPrototypes() {
        assertThat(new Candidate(1, 0.6, OptionalDouble.of(0.8)).similarity()).isEqualTo(0.7);
        assertThat(centre(1, 0.6).similarity()).isEqualTo(0.6);
    }

    @Test
    void similaritiesMustBeNumbers() {
        assertThatThrownBy(() -> centre(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Candidate(1, 0, OptionalDouble.of(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thresholdsMustBeInOrder() {
        assertThatThrownBy(() -> new MatchThresholds(0.4, 0.5, 0, "")).hasMessageContaining("create=0.5");
        assertThatThrownBy(() -> new MatchThresholds(0.4, 0.3, -0.1, "")).hasMessageContaining("margin");
        assertThatThrownBy(() -> new MatchThresholds(0.5, 0.3, 0.4, 0, "")).hasMessageContaining("weak=0.4");
        assertThatThrownBy(() -> new MatchThresholds(Double.NaN, 0.3, 0, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void holdsItsPromisesOnRandomGalleries() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            List<Candidate> candidates = randomCandidates(random);
            Set<Long> excluded = new HashSet<>();
            candidates.stream().filter(c -> random.nextInt(4) == 0).forEach(c -> excluded.add(c.person()));
            int faces = random.nextInt(6);

            Verdict verdict = POLICY.decide(faces, ENOUGH, candidates, excluded);

            List<Candidate> shuffled = new ArrayList<>(candidates);
            Collections.shuffle(shuffled, random);
            assertThat(POLICY.decide(faces, ENOUGH, shuffled, excluded)).isEqualTo(verdict);
            candidates.removeIf(candidate -> excluded.contains(candidate.person()));
            assertThat(POLICY.decide(faces, ENOUGH, candidates, Set.of())).isEqualTo(verdict);
            checkBands(verdict, candidates, excluded, faces);
        }
    }

    private static void checkBands(Verdict verdict, List<Candidate> possible, Set<Long> excluded, int faces) {
        double nearest =
                possible.stream().mapToDouble(Candidate::similarity).max().orElse(-1);
        switch (verdict.decision()) {
            case RECOGNISED -> {
                long person = verdict.person().orElseThrow();
                assertThat(excluded).doesNotContain(person);
                assertThat(nearest).isGreaterThanOrEqualTo(THRESHOLDS.accept());
                assertThat(possible)
                        .filteredOn(candidate -> candidate.person() != person)
                        .allMatch(candidate -> nearest - candidate.similarity() >= THRESHOLDS.margin());
            }
            case NEW -> {
                assertThat(nearest).isLessThan(THRESHOLDS.create());
                assertThat(faces).isGreaterThanOrEqualTo(ENOUGH);
            }
            case UNDECIDED -> assertThat(verdict.person()).isEmpty();
            case UNUSABLE -> throw new AssertionError("a probe with a template is not unusable");
        }
    }

    private static List<Candidate> randomCandidates(Random random) {
        List<Candidate> candidates = new ArrayList<>();
        for (int person = 1; person <= random.nextInt(6); person++) {
            double centre = random.nextDouble() * 2 - 1;
            candidates.add(
                    random.nextBoolean()
                            ? centre(person, centre)
                            : new Candidate(person, centre, OptionalDouble.of(random.nextDouble() * 2 - 1)));
        }
        return candidates;
    }

    private static Verdict decide(Candidate... candidates) {
        return POLICY.decide(ENOUGH, ENOUGH, List.of(candidates), Set.of());
    }

    private static Candidate centre(long person, double similarity) {
        return new Candidate(person, similarity, OptionalDouble.empty());
    }
}
