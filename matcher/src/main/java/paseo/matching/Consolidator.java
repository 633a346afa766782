package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Runs consolidation within the transactions that decide: at the end of each session, and whenever so many sequences
 * were decided that it is due, before the next one is. Counted in the database and never by the clock, so that a replay
 * revises the same (I1); in one transaction with everything else (I5).
 */
final class Consolidator {
    /** Decided sequences after which a pass is due. */
    static final int DUE = 64;

    private final String modelPack;
    private final Thresholds thresholds;
    private final Timer passes;
    private final Map<LedgerEvent.Kind, Counter> revisions = new EnumMap<>(LedgerEvent.Kind.class);

    Consolidator(String modelPack, Thresholds thresholds, MeterRegistry registry) {
        this.modelPack = modelPack;
        this.thresholds = thresholds;
        this.passes = Timer.builder("paseo.consolidation.pass")
                .description("One pass of consolidation, during which nothing is decided")
                .register(registry);
        for (LedgerEvent.Kind kind : LedgerEvent.Kind.values()) {
            revisions.put(
                    kind,
                    Counter.builder("paseo.consolidation.revisions")
                            .description("Entries of the ledger")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Whether a pass must be run before the next decision. */
    boolean due(Connection connection) throws SQLException {
        return new NeighbourhoodRows(connection, pack(connection)).waiting() >= DUE;
    }

    /**
     * One pass, in a transaction that has the {@link GalleryLock} alone. It may leave some, where much piled up.
     *
     * @param session that is the occasion
     * @return what to do once that is committed
     */
    Runnable once(Connection connection, OptionalLong session) throws SQLException {
        return run(connection, session, 1);
    }

    /** As many passes as it takes until nothing has changed, otherwise like {@link #once}. */
    Runnable toTheEnd(Connection connection, OptionalLong session) throws SQLException {
        return run(connection, session, Integer.MAX_VALUE);
    }

    private Runnable run(Connection connection, OptionalLong session, int most) throws SQLException {
        short pack = pack(connection);
        new Gallery(connection, pack).lockCreation();
        NeighbourhoodRows rows = new NeighbourhoodRows(connection, pack);
        List<LedgerEvent> events = new ArrayList<>();
        for (int i = 0; i < most && rows.waiting() > 0; i++) {
            Timer.Sample started = Timer.start();
            events.addAll(pass(connection, pack, rows, session));
            started.stop(passes);
        }
        return () -> events.forEach(
                event -> Objects.requireNonNull(revisions.get(event.kind())).increment());
    }

    private short pack(Connection connection) throws SQLException {
        return new PackRows(connection).idOf(modelPack);
    }

    private List<LedgerEvent> pass(Connection connection, short pack, NeighbourhoodRows rows, OptionalLong session)
            throws SQLException {
        Neighbourhood taken = rows.takeUp();
        long persons = rows.persons();
        ConsolidationRules rules = ConsolidationRules.of(thresholds, persons);
        // Who has opted out is no candidate here: what may be theirs would be like nobody, and get a number.
        Set<UUID> unwanted = new OptOuts(connection)
                .perhaps(
                        taken.undecided().stream().map(Portrait::id).toList(),
                        pack,
                        rules.thresholds().create());
        Neighbourhood neighbourhood = taken.without(unwanted);
        Consolidation consolidation = new Consolidation(rules, neighbourhood);
        LedgerRows ledger = new LedgerRows(connection, pack);
        for (LedgerEvent event : consolidation.events()) {
            ledger.append(event, OptionalLong.empty(), rules.thresholds().calibration(), session);
        }
        rows.centre(new HashSet<>(consolidation.changed()));
        boolean everybody = neighbourhood.persons().size() >= persons;
        new CohesionRows(connection, pack).update(consolidation, everybody, session);
        return consolidation.events();
    }
}
