package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Decision;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.events.Template;

/**
 * Stores the sequences of the topic {@code sequences} as they grow, says provisionally whose each is while it lasts,
 * and decides on it once, when it is closed. A transaction ends behind each decision: state, members, decision, person,
 * template, outgoing sighting and consumed offset become true together (I5), and the next decision sees this one.
 */
final class SequenceStore implements TopicHandler<SequenceEvent> {
    private static final Logger log = LoggerFactory.getLogger(SequenceStore.class);

    private final MatcherSettings settings;
    private final GalleryMemory memory;
    private final Runnable decided;
    private final Consolidator consolidator;
    private final Map<Decision, Counter> decisions = new EnumMap<>(Decision.class);
    private final Counter provisional;
    private final Timer durations;
    private final Counter optedOut;
    private final Counter revised;
    private final DistributionSummary similarities;
    private final AtomicLong persons = new AtomicLong();
    private final SealsAhead seals;
    private final CalibrationMonitor monitor;

    /**
     * @param memory of the settings' pack
     * @param keys to seal with
     * @param decided run when sightings wait to be published
     */
    SequenceStore(MatcherSettings settings, GalleryMemory memory, Keys keys, MeterRegistry registry, Runnable decided) {
        this.settings = settings;
        this.memory = memory;
        this.seals = new SealsAhead(keys);
        this.decided = decided;
        this.consolidator = new Consolidator(settings.modelPack(), settings.thresholds(), registry);
        for (Decision decision : Decision.values()) {
            decisions.put(
                    decision,
                    Counter.builder("paseo.match.decisions")
                            .description("Final decisions on sequences")
                            .tag("decision", decision.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.durations = Timer.builder("paseo.match.duration")
                .description("Search, decision and storing of one sequence, without the commit")
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100), Duration.ofSeconds(1))
                .register(registry);
        this.provisional = Counter.builder("paseo.match.provisional")
                .description("Decisions on sequences in view")
                .register(registry);
        this.optedOut = Counter.builder("paseo.match.opted.out")
                .description("Sequences of people of whom nothing is to be kept, dropped when they were closed")
                .register(registry);
        this.revised = Counter.builder("paseo.match.revised")
                .description("Sequences that finally belong to another person than was said while they were in view")
                .register(registry);
        this.monitor = new CalibrationMonitor(settings.thresholds(), registry);
        this.similarities = DistributionSummary.builder("paseo.match.similarity")
                .description("Cosine to the nearest person, of sequences that were compared")
                .serviceLevelObjectives(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
                .register(registry);
        Gauge.builder("paseo.gallery.persons", persons, AtomicLong::get)
                .description("Persons in the gallery at the latest decision")
                .register(registry);
    }

    /** Makes the gallery of the pack, should it be new, counts who is in it, and takes up what was observed before. */
    void prepare(Database database) throws SQLException {
        database.transaction(connection -> {
            short pack = new PackRows(connection).idOf(settings.modelPack());
            persons.set(new Gallery(connection, pack).size());
            warnOfOthers(connection, pack);
            monitor.restart(together(connection, pack), new Gallery(connection, pack).within());
            return true;
        });
    }

    /** Counted where it is: there are more pairs than sequences. Without a calibration nobody asks. */
    private CannotLink.Remembered together(Connection connection, short pack) throws SQLException {
        Optional<ImpostorTail> tail = settings.thresholds().tail();
        return tail.isPresent()
                ? new CannotLink(connection, pack).remembered(tail.get().from())
                : new CannotLink.Remembered(0, 0);
    }

    /** Whoever has changed the pack would else wonder where everybody is. */
    private void warnOfOthers(Connection connection, short pack) throws SQLException {
        for (short other : persons.get() > 0 ? List.<Short>of() : PackRows.all(connection)) {
            long there = other == pack ? 0 : new Gallery(connection, other).size();
            if (there > 0) {
                log.warn(
                        "nobody is in the gallery of {}, and {} persons are in that of {}: 'paseo gallery reembed' moves them",
                        settings.modelPack(),
                        there,
                        PackRows.nameOf(connection, other));
            }
        }
    }

    /** Behind each record that may be decided on: a person that is created locks out other matchers until the end. */
    @Override
    public boolean endsTransaction(SequenceEvent event) {
        return event instanceof Sequence sequence
                && (sequence.phase() == Sequence.Phase.CLOSED || sequence.usableCount() >= MatchPolicy.FACES_TO_LOOK);
    }

    /** Keys are safe before anything is sealed with them, and so in a transaction of the other database. */
    @Override
    public void prepare(List<SequenceEvent> events) throws SQLException {
        seals.prepare(events.stream()
                .filter(event -> event instanceof Sequence sequence && sequence.template() != null)
                .map(event -> ((Sequence) event).id())
                .toList());
    }

    @Override
    public Runnable store(Connection connection, List<SequenceEvent> events) throws SQLException {
        SessionRows sessions = new SessionRows(connection);
        PackRows packs = new PackRows(connection);
        List<Runnable> effects = new ArrayList<>();
        boolean due = events.stream().anyMatch(this::endsTransaction) && consolidator.due(connection);
        OptOuts optOuts = new OptOuts(connection);
        boolean dropping = events.stream().anyMatch(SequenceStore::closes) && optOuts.any();
        lock(connection, due || dropping, events);
        for (SequenceEvent event : events) {
            long session = sessions.idOf(event.camera(), event.epoch());
            // As many passes as decisions, and each right before one: where a poll ends makes no difference (I1).
            if (due && endsTransaction(event)) {
                effects.add(consolidator.once(connection, OptionalLong.of(session)));
                due = false;
            }
            if (event instanceof Sequence sequence) {
                Timer.Sample started = Timer.start();
                store(connection, session, packs, optOuts, sequence).ifPresent(effects::add);
                started.stop(durations);
            } else if (event instanceof SequenceEvent.SessionEnded ended) {
                sessions.sequencesEnded(session, ended.complete());
                effects.add(consolidator.toTheEnd(connection, OptionalLong.of(session)));
                effects.add(decided);
            }
        }
        return () -> effects.forEach(Runnable::run);
    }

    private static boolean closes(SequenceEvent event) {
        return event instanceof Sequence sequence && sequence.phase() == Sequence.Phase.CLOSED;
    }

    private static void lock(Connection connection, boolean alone, List<SequenceEvent> events) throws SQLException {
        if (alone || events.stream().anyMatch(SequenceEvent.SessionEnded.class::isInstance)) {
            GalleryLock.takeAlone(connection);
        } else {
            GalleryLock.share(connection);
        }
    }

    private Optional<Runnable> store(
            Connection connection, long session, PackRows packs, OptOuts optOuts, Sequence sequence)
            throws SQLException {
        short pack = packs.idOf(sequence.modelPack());
        SequenceRows rows = new SequenceRows(connection, session, pack);
        Optional<SequenceRows.Stored> undecided = rows.update(sequence);
        if (undecided.isEmpty()) {
            rows.refuse(sequence);
            return Optional.empty();
        }
        SequenceRows.Stored stored = undecided.get();
        rows.addMembers(stored.no(), sequence);
        rows.addConflicts(sequence);
        boolean closed = closes(sequence);
        Template template = sequence.template();
        if (template != null && (closed || ownPack(sequence))) {
            packs.checkDimension(pack, template);
        }
        Decider decider = new Decider(
                new Gallery(connection, pack, memory),
                optOuts,
                new CannotLink(connection, pack),
                rows,
                new HandRows(connection),
                settings.thresholds(),
                seals);
        if (closed) {
            return Optional.of(close(decider, optOuts, stored, sequence, template));
        }
        if (template == null || !ownPack(sequence)) {
            return Optional.empty();
        }
        return decider.look(stored, sequence, template).map(judgement -> () -> {
            provisional.increment();
            decided.run();
        });
    }

    private Runnable close(
            Decider decider,
            OptOuts optOuts,
            SequenceRows.Stored stored,
            Sequence sequence,
            @Nullable Template template)
            throws SQLException {
        if (template != null && !ownPack(sequence)) {
            log.atWarn()
                    .addKeyValue("camera", sequence.camera())
                    .addKeyValue("sequence", sequence.id())
                    .log(
                            "sequence {} is of model pack {}, the thresholds are for {}: it stays undecided",
                            sequence.id(),
                            sequence.modelPack(),
                            settings.modelPack());
            Decider.Closed closed = decider.closeUncompared(stored, sequence, template);
            return () -> count(stored, closed);
        }
        Decider.Closed closed = decider.close(stored, sequence, Optional.ofNullable(template));
        if (closed.optedOut()) {
            optOuts.drop(stored.no(), sequence.id());
            return optedOut::increment;
        }
        return () -> count(stored, closed);
    }

    private boolean ownPack(Sequence sequence) {
        return sequence.modelPack().equals(settings.modelPack());
    }

    private void count(SequenceRows.Stored before, Decider.Closed closed) {
        Verdict verdict = closed.judgement().verdict();
        Objects.requireNonNull(decisions.get(verdict.decision())).increment();
        verdict.similarity().ifPresent(similarities::record);
        if (before.person().isPresent() && !before.person().equals(closed.person())) {
            revised.increment();
        }
        persons.set(closed.persons());
        closed.impostors().forEach(monitor::together);
        closed.within().ifPresent(monitor::within);
        decided.run();
    }
}
