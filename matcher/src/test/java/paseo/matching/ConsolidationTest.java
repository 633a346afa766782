package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static paseo.matching.People.like;
import static paseo.matching.People.vector;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

/** By example. People look in the direction of an axis; {@code like(c, axis)} has cosine c with the first. */
class ConsolidationTest {
    private static final Embedding FIRST = vector(1);

    private final People people = new People();

    @Test
    void twoIndependentSequencesMakeOnePersonOfTwo() {
        people.person(3, FIRST).person(7, like(0.6, 1), like(0.6, 1));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.MERGED);
            assertThat(event.from()).isEqualTo(7);
            assertThat(event.to()).as("the older number survives").isEqualTo(3);
            assertThat(event.sequences()).containsExactly(people.id(7, 0), people.id(7, 1));
            assertThat(event.cause()).isEqualTo(LedgerEvent.Cause.AGREEMENT);
            assertThat(event.similarity()).hasValueCloseTo(0.6, within(1e-6));
        });
    }

    /** A blurred face is a little like everybody, and a decision takes that off: so must who looks again. */
    @Test
    void whoLooksLikeManyMustBeNearerThanOthers() {
        people.person(3, FIRST)
                .place(7, People.offset(people.sequence(like(0.6, 1)), 0.15))
                .place(7, People.offset(people.sequence(like(0.6, 1)), 0.15))
                .undecided(People.offset(people.sequence(like(0.6, 2)), 0.15));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void oneSequenceOfEachIsNotEnough() {
        people.person(3, FIRST).person(7, like(0.6, 1));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void unlessTheTwoAreVeryClose() {
        people.person(3, FIRST).person(7, like(0.85, 1));

        assertThat(causes()).containsExactly(LedgerEvent.Cause.CLOSE);
    }

    @Test
    void twoPiecesOfOneWalkAreOneEvidence() {
        people.person(3, FIRST)
                .place(7, people.sequence(like(0.6, 1), 50_000_000, 10))
                .place(7, people.sequence(like(0.6, 1), 53_000_000, 10));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void whoSharedAFrameStaysApart() {
        people.person(3, FIRST).person(7, like(0.95, 1), like(0.95, 1));
        people.apart(people.id(7, 1), people.id(3, 0));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void whoCouldBeEitherOfTwoIsNeither() {
        people.person(3, FIRST).person(5, like(0.97, 2)).person(7, like(0.6, 1), like(0.6, 1));
        people.apart(people.id(3, 0), people.id(5, 0));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void threeFragmentsOfOnePersonAreNoRivals() {
        people.person(3, FIRST).person(5, like(0.85, 1)).person(7, like(0.85, 2));

        assertThat(people.consolidation().persons().keySet()).containsExactly(3L);
    }

    /** Each is compared in full with the people whose mean direction is nearest, which fragments of one person are. */
    @Test
    void fragmentsFindEachOtherAmongMany() {
        Random random = new Random(4);
        people.person(3, FIRST, like(0.9, 1)).person(90, like(0.9, 1), like(0.85, 2));
        for (long number = 10; number < 70; number++) {
            people.person(number, like(-random.nextDouble(), 3 + random.nextInt(5)));
        }

        assertThat(people.events()).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.MERGED);
            assertThat(event.from()).isEqualTo(90);
            assertThat(event.to()).isEqualTo(3);
        });
    }

    @Test
    void undecidedSequencesBetweenTwoPersonsBridgeThem() {
        people.person(3, FIRST)
                .person(7, like(0.42, 1))
                .undecided(people.sequence(like(0.75, 1)))
                .undecided(people.sequence(like(0.77, 1)));

        assertThat(kinds())
                .containsExactly(LedgerEvent.Kind.MERGED, LedgerEvent.Kind.ADOPTED, LedgerEvent.Kind.ADOPTED);
    }

    @Test
    void oneBridgeIsNotEnough() {
        people.person(3, FIRST).person(7, like(0.42, 1)).undecided(people.sequence(like(0.83, 1)));

        assertThat(kinds()).doesNotContain(LedgerEvent.Kind.MERGED);
    }

    @Test
    void aMergeMustNotSinkTheSilhouette() {
        // Two strangers, and two sequences of the one that are somewhat like the other.
        people.person(3, FIRST, FIRST, FIRST, FIRST)
                .person(7, vector(0, 1), vector(0, 1), vector(0, 1), vector(0, 1), vector(0, 1), vector(0, 1))
                .place(7, people.sequence(like(0.6, 1)))
                .place(7, people.sequence(like(0.61, 1)))
                .person(9, vector(0.45, 0.45, 0.77));

        assertThat(kinds()).doesNotContain(LedgerEvent.Kind.MERGED);
    }

    @Test
    void aSequenceGoesWhereItIsRecognisedFarBetter() {
        people.person(3, FIRST, FIRST).person(7, vector(0, 1), like(0.95, 1));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.REASSIGNED);
            assertThat(event.from()).isEqualTo(7);
            assertThat(event.to()).isEqualTo(3);
            assertThat(event.sequences()).containsExactly(people.id(7, 1));
        });
    }

    @Test
    void aSequenceLikeNobodyOfItsOwnIsAPersonOfItsOwn() {
        people.person(3, FIRST, FIRST).person(7, vector(0, 1), vector(0, 1), vector(0.45, 0.1, 1));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.SPLIT);
            assertThat(event.to()).isEqualTo(8);
            assertThat(event.cause()).isEqualTo(LedgerEvent.Cause.UNLIKE);
        });
    }

    @Test
    void butAHardSequenceStaysWhereNobodyElseIsNearer() {
        people.person(3, FIRST, FIRST).person(7, vector(0, 1), vector(0, 1), vector(0, 0.3, 1));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void twoOfOneFrameCannotBeOnePerson() {
        people.person(7, FIRST, FIRST, like(0.9, 1));
        people.apart(people.id(7, 0), people.id(7, 2));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.cause()).isEqualTo(LedgerEvent.Cause.SAME_FRAME);
            assertThat(event.sequences()).containsExactly(people.id(7, 2));
        });
    }

    @Test
    void aPersonOfTwoGroupsFallsApart() {
        Embedding second = vector(0, 1, 0.2);
        people.person(7, FIRST, like(0.98, 3), second, second, second)
                .person(9, vector(0.3, 0.3, 0, 0, 1), vector(0.3, 0.3, 0, 0, 1));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.cause()).isEqualTo(LedgerEvent.Cause.TWO_GROUPS);
            assertThat(event.sequences()).containsExactly(people.id(7, 0), people.id(7, 1));
        });
    }

    @Test
    void whatSomebodySaidToBeOnePersonStays() {
        people.person(3, FIRST, FIRST).person(7, vector(0, 1), like(0.95, 1));
        people.together(people.id(7, 0), people.id(7, 1));

        assertThat(kinds()).doesNotContain(LedgerEvent.Kind.REASSIGNED, LedgerEvent.Kind.SPLIT);
    }

    @Test
    void whatSomebodySaidToBeOnePersonBecomesOne() {
        people.person(3, FIRST).person(7, vector(0, 1));
        people.together(people.id(3, 0), people.id(7, 0));

        assertThat(causes()).containsExactly(LedgerEvent.Cause.HAND);
    }

    @Test
    void anUndecidedSequenceIsAdoptedWhenItIsClearByNow() {
        people.person(3, FIRST).person(7, vector(0, 1)).undecided(people.sequence(like(0.6, 2)));

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.ADOPTED);
            assertThat(event.from()).isEqualTo(LedgerEvent.NOBODY);
            assertThat(event.to()).isEqualTo(3);
            assertThat(event.cause()).isEqualTo(LedgerEvent.Cause.RECOGNISED);
        });
    }

    /** Like one of a person's two sequences, unlike the other: together they say no. */
    @Test
    void whoIsAdoptedIsLikeThePersonAsAWhole() {
        people.person(3, FIRST, like(0.6, 1)).undecided(people.sequence(vector(0.55, -0.2875, 0.78)));

        assertThat(causes()).containsExactly(LedgerEvent.Cause.NEW);
    }

    @Test
    void twoBriefSequencesTogetherAreAPerson() {
        people.person(3, FIRST)
                .undecided(people.sequence(vector(0, 1), 0, 3))
                .undecided(people.sequence(vector(0, 1), 0, 2));

        assertThat(causes()).containsExactly(LedgerEvent.Cause.POOLED);
        assertThat(people.consolidation().persons().get(4L)).hasSize(2);
    }

    @Test
    void aBriefSequenceAloneStaysUndecided() {
        people.person(3, FIRST).undecided(people.sequence(vector(0, 1), 0, 4));

        assertThat(people.events()).isEmpty();
    }

    @Test
    void aMisleadingPrototypeIsDropped() {
        misleading();

        assertThat(people.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(LedgerEvent.Kind.DROPPED);
            assertThat(event.ordinal()).isEqualTo(OptionalInt.of(2));
        });
    }

    @Test
    void butNotWhereSomebodyHasRestoredIt() {
        misleading();
        people.restored(people.id(3, 0), 2);

        assertThat(people.events()).isEmpty();
    }

    /** The second prototype of person 3 is like person 7. */
    private void misleading() {
        TreeMap<Integer, Embedding> prototypes = new TreeMap<>();
        prototypes.put(1, FIRST);
        prototypes.put(2, vector(0.1, 1));
        people.place(3, People.with(people.sequence(FIRST), prototypes)).person(7, vector(0, 1));
    }

    /** Their 14 million pairs of sequences would not: a matcher that dies in a pass dies in it again. */
    @Test
    void aPassOverManyRegularsFitsIntoMemory() {
        Random random = new Random(5);
        for (int person = 1; person <= 220; person++) {
            float[] look = new float[48];
            for (int i = 0; i < look.length; i++) {
                look[i] = (float) random.nextGaussian();
            }
            for (int sequence = 0; sequence < 24; sequence++) {
                Portrait plain = people.sequence(Embedding.normalised(look));
                people.place(person, People.named(plain, new UUID(random.nextLong(), random.nextLong())));
            }
        }
        ConsolidationRules rules =
                new ConsolidationRules(new MatchThresholds(0.7, 0.65, 0.05, "test"), 0.75, 0.8, 0.25);

        assertThat(new Consolidation(rules, people.neighbourhood()).events()).isEmpty();
    }

    @Test
    void theMorePeopleTheMoreIsAsked() {
        Thresholds growing =
                persons -> new MatchThresholds(0.3 + 0.05 * Math.log10((double) persons), 0.25, 0.02, "test");

        ConsolidationRules rules = ConsolidationRules.of(growing, 10_000);

        assertThat(rules.thresholds().accept()).isCloseTo(0.5, within(1e-9));
        assertThat(rules.agree()).isCloseTo(0.6, within(1e-9));
        assertThat(rules.close()).isCloseTo(0.7, within(1e-9));
    }

    @Test
    void nothingIsDoneWhereNothingChanged() {
        people.person(3, FIRST).person(7, like(0.95, 1));
        people.changedPersons.clear();

        assertThat(people.events()).isEmpty();
    }

    @Test
    void theOppositeOfTheOppositeIsTheSameChange() {
        LedgerEvent merged = LedgerEvent.moved(
                LedgerEvent.Kind.MERGED,
                7,
                3,
                List.of(new UUID(0, 1)),
                LedgerEvent.Cause.CLOSE,
                OptionalDouble.empty());

        assertThat(merged.opposite().kind()).isEqualTo(LedgerEvent.Kind.SPLIT);
        assertThat(merged.opposite().opposite())
                .usingRecursiveComparison()
                .ignoringFields("cause")
                .isEqualTo(merged);
    }

    private List<LedgerEvent.Kind> kinds() {
        return people.events().stream().map(LedgerEvent::kind).toList();
    }

    private List<LedgerEvent.Cause> causes() {
        return people.events().stream().map(LedgerEvent::cause).toList();
    }
}
