package paseo.matching;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Who is who during a pass of consolidation: a {@link Neighbourhood} to which revisions are applied one by one. */
final class Grouping {
    private static final Comparator<Portrait> BY_ID = Comparator.comparing(Portrait::id);
    private static final int MOST_DEPARTURES = 4;

    private final SortedMap<Long, List<Portrait>> persons = new TreeMap<>();
    private final SortedMap<UUID, Portrait> undecided = new TreeMap<>();
    private final Map<UUID, Long> owners = new HashMap<>();
    private final Map<UUID, Set<UUID>> apart;
    private final Map<UUID, Set<UUID>> together;
    private final Set<Neighbourhood.Prototype> restored;
    private final SortedSet<Long> changed;
    private final Set<UUID> news;
    private final Map<UUID, Integer> departures = new HashMap<>();
    private final Similarities similarities;
    private final Map<Long, Map<Long, Double>> ofPersons = new HashMap<>();
    private final Directions directions = new Directions(persons, NeighbourhoodRows.NEAREST_PERSONS);
    private final Map<Long, Map<UUID, Double>> ofSequences = new HashMap<>();
    private final Map<Long, Map<UUID, Double>> ofProbes = new HashMap<>();
    private final Map<Long, Map<UUID, OptionalDouble>> means = new HashMap<>();
    private long next;

    Grouping(Neighbourhood start, Similarities similarities) {
        this.similarities = similarities;
        start.persons().forEach((number, sequences) -> {
            persons.put(number, new ArrayList<>(sequences.stream().sorted(BY_ID).toList()));
            sequences.forEach(sequence -> owners.put(sequence.id(), number));
        });
        start.undecided().forEach(sequence -> undecided.put(sequence.id(), sequence));
        this.apart = neighbours(start.apart());
        this.together = neighbours(start.together());
        this.restored = Set.copyOf(start.restored());
        this.changed = new TreeSet<>(start.changedPersons());
        this.changed.retainAll(persons.keySet());
        this.news = new HashSet<>(start.changedSequences());
        this.next = start.nextPerson();
    }

    private static Map<UUID, Set<UUID>> neighbours(Set<Link> links) {
        Map<UUID, Set<UUID>> neighbours = new HashMap<>();
        for (Link link : links) {
            neighbours.computeIfAbsent(link.one(), id -> new HashSet<>()).add(link.other());
            neighbours.computeIfAbsent(link.other(), id -> new HashSet<>()).add(link.one());
        }
        return neighbours;
    }

    /** Numbers of all persons, ascending; a copy. */
    List<Long> numbers() {
        return List.copyOf(persons.keySet());
    }

    /** Numbers of those who changed before or during the pass, ascending; a copy. */
    List<Long> changed() {
        return List.copyOf(changed);
    }

    boolean changed(long person) {
        return changed.contains(person);
    }

    /** The sequences of a person by id. */
    List<Portrait> of(long person) {
        return Objects.requireNonNull(persons.get(person), "no such person in the neighbourhood");
    }

    /** Sequences of nobody by id; a copy. */
    List<Portrait> undecided() {
        return List.copyOf(undecided.values());
    }

    /** Whether an undecided sequence has not been looked at before. */
    boolean isNew(Portrait sequence) {
        return news.contains(sequence.id());
    }

    /** Whether a sequence has left persons so often in this pass that rules seem to take turns. */
    boolean restless(Portrait sequence) {
        return departures.getOrDefault(sequence.id(), 0) >= MOST_DEPARTURES;
    }

    long nextPerson() {
        return next;
    }

    /** Whether a sequence certainly is not one of these. */
    boolean apart(Portrait sequence, Collection<Portrait> others) {
        return linked(apart, sequence, others);
    }

    boolean apart(long one, long other) {
        return of(one).stream().anyMatch(sequence -> owned(apart, sequence, other));
    }

    boolean apart(Portrait sequence, long person) {
        return owned(apart, sequence, person);
    }

    boolean together(long one, long other) {
        return !together.isEmpty() && of(one).stream().anyMatch(sequence -> owned(together, sequence, other));
    }

    boolean together(Portrait sequence, Collection<Portrait> others) {
        return linked(together, sequence, others);
    }

    private boolean owned(Map<UUID, Set<UUID>> links, Portrait sequence, long person) {
        return links.getOrDefault(sequence.id(), Set.of()).stream()
                .anyMatch(other -> owners.getOrDefault(other, LedgerEvent.NOBODY) == person);
    }

    private static boolean linked(Map<UUID, Set<UUID>> links, Portrait sequence, Collection<Portrait> others) {
        Set<UUID> linked = links.getOrDefault(sequence.id(), Set.of());
        return !linked.isEmpty() && others.stream().anyMatch(other -> linked.contains(other.id()));
    }

    /** Whether somebody has said that a prototype is to be searched. */
    boolean restored(Portrait sequence, int ordinal) {
        return restored.contains(new Neighbourhood.Prototype(sequence.id(), ordinal));
    }

    /**
     * Similarity of two persons; {@link Similarities#NONE} where one of them changed and neither is among the nearest
     * of who did, unless somebody has said that they are one. A large gallery supplies no more than those: of many who
     * changed, each is only compared with its own.
     */
    double similarity(long one, long other) {
        boolean unchanged = !changed.contains(one) && !changed.contains(other);
        return unchanged || nearAndChanged(one, other) || nearAndChanged(other, one) || together(one, other)
                ? compared(one, other)
                : Similarities.NONE;
    }

    private boolean nearAndChanged(long person, long other) {
        return changed.contains(person) && directions.near(person, other);
    }

    private double compared(long one, long other) {
        return ofPersons
                .computeIfAbsent(Math.min(one, other), number -> new HashMap<>())
                .computeIfAbsent(Math.max(one, other), number -> similarities.between(of(one), of(other)));
    }

    /** Similarity of a sequence and a person, itself left out. */
    double similarity(Portrait sequence, long person) {
        return ofSequences
                .computeIfAbsent(person, number -> new HashMap<>())
                .computeIfAbsent(
                        sequence.id(), id -> similarities.between(List.of(sequence), without(sequence, of(person))));
    }

    /** The same as a decision on the sequence judges it. */
    double ofProbe(Portrait sequence, long person) {
        return ofProbes.computeIfAbsent(person, number -> new HashMap<>())
                .computeIfAbsent(sequence.id(), id -> similarities.ofProbe(sequence, without(sequence, of(person))));
    }

    double similarity(Portrait one, Portrait other) {
        return similarities.between(List.of(one), List.of(other));
    }

    /** Mean cosine of centres between a sequence and a person's others; empty without any. */
    OptionalDouble mean(Portrait sequence, long person) {
        return means.computeIfAbsent(person, number -> new HashMap<>())
                .computeIfAbsent(sequence.id(), id -> directions.sum(person).mean(sequence));
    }

    OptionalDouble mean(Portrait sequence, Collection<Portrait> others) {
        return similarities.mean(sequence, others);
    }

    /** The largest mean cosine of centres to somebody else; empty when there is nobody. */
    OptionalDouble nearestMean(Portrait sequence, Set<Long> except) {
        return persons.keySet().stream()
                .filter(person -> !except.contains(person))
                .flatMapToDouble(person -> mean(sequence, person).stream())
                .max();
    }

    /**
     * Mean silhouette of a set of sequences as if they were one person, see {@link Silhouettes}; empty when there are
     * fewer than two that can be compared, or nobody else.
     *
     * @param except persons who are no others
     */
    OptionalDouble silhouette(Collection<Portrait> sequences, Set<Long> except) {
        return sequences.stream()
                .flatMapToDouble(sequence -> silhouette(sequence, sequences, except).stream())
                .average();
    }

    private OptionalDouble silhouette(Portrait sequence, Collection<Portrait> own, Set<Long> except) {
        OptionalDouble within = similarities.mean(sequence, own);
        OptionalDouble nearest = nearestMean(sequence, except);
        return within.isPresent() && nearest.isPresent()
                ? OptionalDouble.of(Silhouettes.of(1 - within.getAsDouble(), 1 - nearest.getAsDouble()))
                : OptionalDouble.empty();
    }

    private static List<Portrait> without(Portrait sequence, Collection<Portrait> from) {
        return from.stream().filter(other -> !other.id().equals(sequence.id())).toList();
    }

    /**
     * Whether a person may be the same as another one, though too little is known to say so: they would be recognised
     * in each other.
     */
    boolean perhaps(long one, long other, double accept) {
        return similarity(one, other) >= accept && !apart(one, other);
    }

    /** Makes a revision true. */
    void apply(LedgerEvent event) {
        if (event.kind() == LedgerEvent.Kind.DROPPED) {
            event.sequences()
                    .forEach(id -> drop(event.from(), id, event.ordinal().orElseThrow()));
        } else {
            event.sequences().forEach(id -> move(id, event.from(), event.to()));
            if (event.kind() == LedgerEvent.Kind.SPLIT || event.kind() == LedgerEvent.Kind.REASSIGNED) {
                event.sequences().forEach(id -> departures.merge(id, 1, Integer::sum));
            }
            next = Math.max(next, event.to() + 1);
        }
        revised(event.from());
        revised(event.to());
    }

    private void move(UUID id, long from, long to) {
        Portrait sequence = from == LedgerEvent.NOBODY ? undecided.remove(id) : take(id, from);
        Objects.requireNonNull(sequence, "no such sequence there");
        List<Portrait> there = persons.computeIfAbsent(to, number -> new ArrayList<>());
        there.add(sequence);
        there.sort(BY_ID);
        owners.put(id, to);
    }

    private Portrait take(UUID id, long from) {
        List<Portrait> there = of(from);
        Portrait sequence =
                there.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        there.remove(sequence);
        if (there.isEmpty()) {
            persons.remove(from);
        }
        return sequence;
    }

    private void drop(long person, UUID id, int ordinal) {
        of(person).replaceAll(sequence -> {
            if (!sequence.id().equals(id)) {
                return sequence;
            }
            ofSequences.values().forEach(known -> known.remove(id));
            ofProbes.values().forEach(known -> known.remove(id));
            return sequence.without(ordinal);
        });
    }

    private void revised(long person) {
        directions.revised(person);
        ofPersons.remove(person);
        ofPersons.values().forEach(others -> others.remove(person));
        ofSequences.remove(person);
        ofProbes.remove(person);
        means.remove(person);
        if (persons.containsKey(person)) {
            changed.add(person);
        } else {
            changed.remove(person);
        }
    }
}
