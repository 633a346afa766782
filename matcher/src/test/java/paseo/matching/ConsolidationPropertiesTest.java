package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

/**
 * What holds whatever the gallery: random people of whom some are in fragments, some mixed, with undecided sequences
 * between them and people who were seen together.
 */
class ConsolidationPropertiesTest {
    private static final int GALLERIES = 400;

    /** Every so manyth has more people than are compared with each other. */
    private static final int CROWDED = 20;

    @Test
    void nobodyIsInOneFrameWithThemselves() {
        forAll((people, result) -> {
            SortedMap<Long, List<Portrait>> revised = result.persons();
            revised.keySet().retainAll(result.changed());
            Map<UUID, Long> owners = owners(revised);
            for (Link link : people.apart) {
                Long one = owners.get(link.one());
                assertThat(one == null || !one.equals(owners.get(link.other()))).isTrue();
            }
        });
    }

    @Test
    void aSecondPassChangesNothing() {
        forAll((people, result) -> {
            Set<UUID> owned = owners(result.persons()).keySet();
            Set<Long> changed = new HashSet<>(result.changed());
            Neighbourhood after = new Neighbourhood(
                    result.persons(),
                    people.undecided.stream()
                            .filter(sequence -> !owned.contains(sequence.id()))
                            .toList(),
                    changed,
                    people.changedSequences,
                    people.apart,
                    people.together,
                    people.restored,
                    1_000);
            assertThat(new Consolidation(People.RULES, after).events()).isEmpty();
        });
    }

    @Test
    void theOrderOfTheInputMeansNothing() {
        forAll((people, result) -> {
            Random random = new Random(5);
            List<Long> numbers = new ArrayList<>(people.persons.keySet());
            Collections.shuffle(numbers, random);
            Map<Long, List<Portrait>> persons = new LinkedHashMap<>();
            numbers.forEach(number -> persons.put(number, shuffled(people.of(number), random)));
            Neighbourhood start = people.neighbourhood();
            Neighbourhood other = new Neighbourhood(
                    persons,
                    shuffled(people.undecided, random),
                    people.changedPersons,
                    people.changedSequences,
                    Set.copyOf(people.apart),
                    Set.copyOf(people.together),
                    people.restored,
                    start.nextPerson());
            assertThat(new Consolidation(People.RULES, other).events()).isEqualTo(result.events());
        });
    }

    private static List<Portrait> shuffled(List<Portrait> portraits, Random random) {
        List<Portrait> shuffled = new ArrayList<>(portraits);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    @Test
    void noSequenceIsLostAndTheOlderNumberSurvives() {
        forAll((people, result) -> {
            Set<UUID> before = new HashSet<>(owners(people.persons).keySet());
            result.events().stream()
                    .filter(event -> event.kind() == LedgerEvent.Kind.ADOPTED)
                    .forEach(event -> before.addAll(event.sequences()));
            assertThat(owners(result.persons()).keySet()).isEqualTo(before);
            assertThat(result.events())
                    .allMatch(event -> event.kind() != LedgerEvent.Kind.MERGED || event.to() < event.from());
        });
    }

    @Test
    void oppositesInReverseOrderLeadBack() {
        forAll((people, result) -> {
            Map<UUID, Long> owners = owners(result.persons());
            List<LedgerEvent> back = new ArrayList<>(result.events());
            Collections.reverse(back);
            for (LedgerEvent event : back) {
                LedgerEvent opposite = event.opposite();
                for (UUID sequence : opposite.sequences()) {
                    assertThat(owners).containsEntry(sequence, opposite.from());
                    owners.put(sequence, opposite.to());
                }
            }
            owners.values().removeIf(owner -> owner == LedgerEvent.NOBODY);
            assertThat(owners).isEqualTo(owners(people.persons));
        });
    }

    @Test
    void everyKindOfRevisionHappens() {
        Set<LedgerEvent.Cause> causes = new HashSet<>();
        forAll((people, result) -> result.events().forEach(event -> causes.add(event.cause())));
        assertThat(causes)
                .contains(
                        LedgerEvent.Cause.AGREEMENT,
                        LedgerEvent.Cause.CLOSE,
                        LedgerEvent.Cause.SAME_FRAME,
                        LedgerEvent.Cause.NEARER,
                        LedgerEvent.Cause.UNLIKE,
                        LedgerEvent.Cause.RECOGNISED,
                        LedgerEvent.Cause.NEW,
                        LedgerEvent.Cause.POOLED,
                        LedgerEvent.Cause.OUTLIER);
    }

    private static void forAll(BiConsumer<People, Consolidation> check) {
        for (int seed = 0; seed < GALLERIES; seed++) {
            People people = seed % CROWDED == 0
                    ? random(new Random(seed), 20 + seed % 10, 100)
                    : random(new Random(seed), 2, 6);
            check.accept(people, people.consolidation());
        }
    }

    private static Map<UUID, Long> owners(Map<Long, List<Portrait>> persons) {
        Map<UUID, Long> owners = new TreeMap<>();
        persons.forEach((number, sequences) -> sequences.forEach(sequence -> owners.put(sequence.id(), number)));
        return owners;
    }

    private static People random(Random random, int fewestPeople, int fewestSequences) {
        People people = new People();
        List<UUID> all = new ArrayList<>();
        int truths = fewestPeople + random.nextInt(5);
        List<float[]> faces = new ArrayList<>();
        for (int i = 0; i < truths; i++) {
            faces.add(gaussian(random));
        }
        for (int i = 0; i < fewestSequences + random.nextInt(14); i++) {
            int truth = random.nextInt(truths);
            Portrait portrait = portrait(people, faces.get(truth), random);
            all.add(portrait.id());
            if (random.nextInt(5) == 0) {
                people.undecided(portrait);
            } else {
                // Each true person in up to two fragments, one sequence in eight with somebody else.
                long owner =
                        random.nextInt(8) == 0 ? 1 + random.nextInt(2 * truths) : 1 + 2 * truth + random.nextInt(2);
                people.place(owner, portrait);
            }
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            link(people.apart, all, random);
        }
        if (random.nextInt(4) == 0) {
            link(people.together, all, random);
            people.together.removeAll(people.apart);
        }
        people.changedPersons.removeIf(person -> random.nextInt(6) == 0);
        return people;
    }

    private static void link(Set<Link> links, List<UUID> all, Random random) {
        UUID one = all.get(random.nextInt(all.size()));
        UUID other = all.get(random.nextInt(all.size()));
        if (!one.equals(other)) {
            links.add(new Link(one, other));
        }
    }

    private static Portrait portrait(People people, float[] face, Random random) {
        Embedding centre = around(face, 0.15 + 0.5 * random.nextDouble(), random);
        SortedMap<Integer, Embedding> prototypes = new TreeMap<>();
        for (int ordinal = 1; ordinal <= random.nextInt(4); ordinal++) {
            prototypes.put(ordinal, around(centre.toArray(), random.nextInt(10) == 0 ? 1.5 : 0.2, random));
        }
        Portrait plain = people.sequence(centre, random.nextInt(60) * 1_000_000L, 1 + random.nextInt(8));
        return People.offset(People.with(plain, prototypes), offset(centre));
    }

    /** Every third looks like many, or like few. */
    private static double offset(Embedding centre) {
        int bits = Float.floatToIntBits(centre.get(0));
        return bits % 3 == 0 ? bits % 100 / 1000.0 : 0;
    }

    private static Embedding around(float[] face, double noise, Random random) {
        float[] vector = gaussian(random);
        double norm = Math.sqrt(People.DIMENSION);
        double length = 0;
        for (float value : face) {
            length += value * value;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (face[i] / Math.sqrt(length) + noise * vector[i] / norm);
        }
        return Embedding.normalised(vector);
    }

    private static float[] gaussian(Random random) {
        float[] vector = new float[People.DIMENSION];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
