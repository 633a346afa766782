package paseo.matching;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import paseo.events.Embedding;

/** Builds a {@link Neighbourhood} by hand. Sequences are an hour apart in one session unless placed otherwise. */
final class People {
    static final int DIMENSION = 8;
    static final MatchThresholds THRESHOLDS = new MatchThresholds(0.5, 0.4, 0.05, "test");
    static final ConsolidationRules RULES = new ConsolidationRules(THRESHOLDS, 0.5, 0.8, 0.25);
    private static final long HOUR = 3_600_000_000L;

    final Map<Long, List<Portrait>> persons = new TreeMap<>();
    final List<Portrait> undecided = new ArrayList<>();
    final Set<Long> changedPersons = new HashSet<>();
    final Set<UUID> changedSequences = new HashSet<>();
    final Set<Link> apart = new HashSet<>();
    final Set<Link> together = new HashSet<>();
    final Set<Neighbourhood.Prototype> restored = new HashSet<>();
    private int built;

    /** A unit vector of which the first values are given, up to length. */
    static Embedding vector(double... values) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < values.length; i++) {
            vector[i] = (float) values[i];
        }
        return Embedding.normalised(vector);
    }

    /** Like the first axis by {@code cosine}, the rest in the direction of another axis. */
    static Embedding like(double cosine, int axis) {
        double[] values = new double[DIMENSION];
        values[0] = cosine;
        values[axis] = Math.sqrt(1 - cosine * cosine);
        return vector(values);
    }

    /** The next sequence, of ten usable faces, without prototypes. */
    Portrait sequence(Embedding centre) {
        return sequence(centre, built * HOUR, 10);
    }

    Portrait sequence(Embedding centre, long micros, int usable) {
        return new Portrait(
                new UUID(0, ++built),
                1,
                micros,
                micros + 100_000L * usable,
                usable,
                usable,
                0,
                centre,
                new TreeMap<>());
    }

    static Portrait with(Portrait portrait, SortedMap<Integer, Embedding> prototypes) {
        return new Portrait(
                portrait.id(),
                portrait.session(),
                portrait.firstMicros(),
                portrait.lastMicros(),
                portrait.faces(),
                portrait.usable(),
                portrait.offset(),
                portrait.centre(),
                prototypes);
    }

    /** The same under another id. */
    static Portrait named(Portrait portrait, UUID id) {
        return new Portrait(
                id,
                portrait.session(),
                portrait.firstMicros(),
                portrait.lastMicros(),
                portrait.faces(),
                portrait.usable(),
                portrait.offset(),
                portrait.centre(),
                portrait.prototypes());
    }

    /** The same, of somebody who looks like many. */
    static Portrait offset(Portrait portrait, double offset) {
        return new Portrait(
                portrait.id(),
                portrait.session(),
                portrait.firstMicros(),
                portrait.lastMicros(),
                portrait.faces(),
                portrait.usable(),
                offset,
                portrait.centre(),
                portrait.prototypes());
    }

    People person(long number, Embedding... centres) {
        for (Embedding centre : centres) {
            place(number, sequence(centre));
        }
        return this;
    }

    People place(long number, Portrait portrait) {
        persons.computeIfAbsent(number, key -> new ArrayList<>()).add(portrait);
        changedPersons.add(number);
        return this;
    }

    People undecided(Portrait portrait) {
        undecided.add(portrait);
        changedSequences.add(portrait.id());
        return this;
    }

    List<Portrait> of(long person) {
        return Objects.requireNonNull(persons.get(person));
    }

    /** Sequence {@code index} of a person, from 0. */
    UUID id(long person, int index) {
        return of(person).get(index).id();
    }

    People apart(UUID one, UUID other) {
        apart.add(new Link(one, other));
        return this;
    }

    People together(UUID one, UUID other) {
        together.add(new Link(one, other));
        return this;
    }

    People restored(UUID sequence, int ordinal) {
        restored.add(new Neighbourhood.Prototype(sequence, ordinal));
        return this;
    }

    Neighbourhood neighbourhood() {
        long next = persons.keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        return new Neighbourhood(persons, undecided, changedPersons, changedSequences, apart, together, restored, next);
    }

    Consolidation consolidation() {
        return new Consolidation(RULES, neighbourhood());
    }

    List<LedgerEvent> events() {
        return consolidation().events();
    }
}
