package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Decision;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.events.Template;

/**
 * Stores the sequences of the topic {@code sequences} as they grow, and decides on each once, when it is closed. A
 * transaction ends behind each decision: state, members, decision, person, template, outgoing sighting and consumed
 * offset become true together (I5), and the next decision sees this one.
 */
final class SequenceStore implements TopicHandler<SequenceEvent> {
    private static final Logger log = LoggerFactory.getLogger(SequenceStore.class);

    private final MatcherSettings settings;
    private final MatchPolicy policy;
    private final Runnable decided;
    private final Map<Decision, Counter> decisions = new EnumMap<>(Decision.class);
    private final DistributionSummary similarities;
    private final AtomicLong persons = new AtomicLong();

    /** @param decided run when sightings wait to be published */
    SequenceStore(MatcherSettings settings, MeterRegistry registry, Runnable decided) {
        this.settings = settings;
        this.policy = new MatchPolicy(settings.thresholds());
        this.decided = decided;
        for (Decision decision : Decision.values()) {
            decisions.put(
                    decision,
                    Counter.builder("paseo.match.decisions")
                            .description("Final decisions on sequences")
                            .tag("decision", decision.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.similarities = DistributionSummary.builder("paseo.match.similarity")
                .description("Cosine to the nearest person, of sequences that were compared")
                .register(registry);
        Gauge.builder("paseo.gallery.persons", persons, AtomicLong::get)
                .description("Persons in the gallery at the latest decision")
                .register(registry);
    }

    /** Makes the gallery of the pack, should it be new, and counts who is in it. */
    void prepare(Database database) throws SQLException {
        persons.set(database.transaction(
                connection -> new Gallery(connection, new PackRows(connection).idOf(settings.modelPack())).size()));
    }

    @Override
    public boolean endsTransaction(SequenceEvent event) {
        return event instanceof Sequence sequence && sequence.phase() == Sequence.Phase.CLOSED;
    }

    @Override
    public Runnable store(Connection connection, List<SequenceEvent> events) throws SQLException {
        SessionRows sessions = new SessionRows(connection);
        PackRows packs = new PackRows(connection);
        List<Runnable> effects = new ArrayList<>();
        for (SequenceEvent event : events) {
            long session = sessions.idOf(event.camera(), event.epoch());
            if (event instanceof Sequence sequence) {
                store(connection, session, packs, sequence).ifPresent(effects::add);
            } else if (event instanceof SequenceEvent.SessionEnded ended) {
                sessions.sequencesEnded(session, ended.complete());
            }
        }
        return () -> effects.forEach(Runnable::run);
    }

    private Optional<Runnable> store(Connection connection, long session, PackRows packs, Sequence sequence)
            throws SQLException {
        short pack = packs.idOf(sequence.modelPack());
        SequenceRows rows = new SequenceRows(connection, session, pack);
        Optional<Long> undecided = rows.update(sequence);
        if (undecided.isEmpty()) {
            return Optional.empty();
        }
        long no = undecided.get();
        rows.addMembers(no, sequence);
        rows.addConflicts(sequence);
        if (sequence.phase() != Sequence.Phase.CLOSED) {
            return Optional.empty();
        }
        if (sequence.template() != null) {
            packs.checkDimension(pack, sequence.template());
        }
        return Optional.of(decide(rows, new Gallery(connection, pack), no, sequence));
    }

    private Runnable decide(SequenceRows rows, Gallery gallery, long no, Sequence sequence) throws SQLException {
        Template template = sequence.template();
        Verdict verdict = template == null ? Verdict.uncompared(Decision.UNUSABLE) : judge(gallery, sequence, template);
        long gallerySize = gallery.size();
        OptionalLong person =
                verdict.decision() == Decision.NEW ? OptionalLong.of(gallery.create(no)) : verdict.person();
        if (template != null) {
            gallery.keep(no, template, person);
        }
        rows.close(no, sequence, verdict, person, gallerySize, calibration(sequence));
        long known = gallerySize + (verdict.decision() == Decision.NEW ? 1 : 0);
        return () -> count(verdict, known);
    }

    /** Searches without a lock, and again under it when a person is to be created: somebody may just have done so. */
    private Verdict judge(Gallery gallery, Sequence sequence, Template template) throws SQLException {
        if (!ownPack(sequence)) {
            log.warn(
                    "sequence {} is of model pack {}, the thresholds are for {}: it stays undecided",
                    sequence.id(),
                    sequence.modelPack(),
                    settings.modelPack());
            return Verdict.uncompared(Decision.UNDECIDED);
        }
        Verdict verdict = compare(gallery, sequence, template);
        if (verdict.decision() != Decision.NEW) {
            return verdict;
        }
        gallery.lockCreation();
        return compare(gallery, sequence, template);
    }

    private Verdict compare(Gallery gallery, Sequence sequence, Template template) throws SQLException {
        Set<Long> seenWith = gallery.seenWith(sequence.id());
        return policy.decide(sequence.usableCount(), gallery.near(template, seenWith), seenWith);
    }

    private boolean ownPack(Sequence sequence) {
        return sequence.modelPack().equals(settings.modelPack());
    }

    private String calibration(Sequence sequence) {
        return ownPack(sequence) ? settings.thresholds().calibration() : "";
    }

    private void count(Verdict verdict, long known) {
        Objects.requireNonNull(decisions.get(verdict.decision())).increment();
        verdict.similarity().ifPresent(similarities::record);
        persons.set(known);
        decided.run();
    }
}
