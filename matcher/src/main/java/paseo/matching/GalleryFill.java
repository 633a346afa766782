package paseo.matching;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the unlogged tables again from the sealed ones. They are empty when PostgreSQL has crashed, after a failover,
 * and in a restored copy; a row in one of them ({@code gallery_filled}) says that they are not. Whoever searches them
 * or writes to them looks at that row in the same transaction ({@link #require}), so nothing is decided on a gallery
 * that is not all there; whoever finds it missing first fills them, one at a time.
 */
final class GalleryFill implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(GalleryFill.class);

    static final long LOCK = 0x706173656f00000aL;
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int BATCH = 500;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Database database;
    private final Rounds rounds = new Rounds(ROUND);
    private volatile @Nullable String progress;
    private String trouble = "";

    GalleryFill(Database database) {
        this.database = database;
    }

    /** Whether everything is there, as this transaction sees it. */
    static boolean done(Connection connection) throws SQLException {
        return id(connection).isPresent();
    }

    /** Which filling it is: another one after each crash. */
    static Optional<String> id(Connection connection) throws SQLException {
        return Sql.first(connection, "SELECT id::text FROM gallery_filled", row -> row.getString(1));
    }

    /**
     * Makes sure that everything is there until this transaction ends: whatever empties the tables ends it.
     *
     * @throws UnfilledException if it is not
     */
    static void require(Connection connection) throws SQLException {
        if (!done(connection)) {
            throw new UnfilledException();
        }
    }

    /** Looks in rounds whether the tables must be filled, and does so, until {@link #stop()}. */
    @Override
    public void run() {
        rounds.run(this::round);
    }

    void stop() {
        rounds.stop();
    }

    /** Why nothing can be decided now; empty where it can. */
    Optional<String> missing() {
        return Optional.ofNullable(progress).map(text -> "vectors are made again from sealed ones: " + text);
    }

    private void round() {
        try {
            if (!database.<Boolean>transaction(GalleryFill::done)) {
                progress = "beginning";
                fill();
            }
            progress = null;
            trouble = "";
        } catch (SQLException e) {
            String said = String.valueOf(e.getMessage());
            if (!said.equals(trouble) && !rounds.stopped()) {
                trouble = said;
                log.warn("whether all vectors are there cannot be told, or they cannot be made again: {}", said);
            }
        }
    }

    /** Seals what an earlier program has stored, and fills what is not filled; returns when everything is there. */
    void bringUp() {
        try {
            new PlainTemplates(database).seal();
            if (!database.<Boolean>transaction(GalleryFill::done)) {
                fill();
            }
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e), "cannot make the vectors from the sealed ones: " + e.getMessage(), e);
        }
    }

    private void fill() throws SQLException {
        try (Connection connection = database.patient()) {
            Sql.one(connection, "SELECT pg_advisory_lock(?)", row -> true, LOCK);
            if (done(connection)) {
                return;
            }
            connection.setAutoCommit(false);
            long all = Sql.one(connection, "SELECT count(*) FROM sealed_template", row -> row.getLong(1));
            if (all > 0) {
                log.info("the vectors that are searched are made again from {} sealed templates", all);
            }
            long start = System.nanoTime();
            empty(connection);
            Filled filled = templates(connection, all);
            filled = filled.and(optOuts(connection));
            centres(connection);
            Sql.update(connection, "INSERT INTO gallery_filled DEFAULT VALUES");
            connection.commit();
            tell(filled, System.nanoTime() - start);
        }
    }

    /** @param lost what cannot be opened any more */
    private record Filled(long done, long lost) {
        Filled and(Filled other) {
            return new Filled(done + other.done, lost + other.lost);
        }
    }

    private static void tell(Filled filled, long nanos) {
        if (filled.done() > 0) {
            log.info("{} sealed templates were read in {} ms", filled.done(), TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        if (filled.lost() > 0) {
            log.warn(
                    "{} of {} sealed templates cannot be opened: their keys are not there, as in a copy of the database"
                            + " that is older than an erasure, or are others; nobody is recognised by these",
                    filled.lost(),
                    filled.done() + filled.lost());
        }
    }

    /** What somebody has left who was killed while filling, and indexes, which would be slow to add to. */
    private static void empty(Connection connection) throws SQLException {
        for (short pack : PackRows.all(connection)) {
            for (GalleryPartition partition : new GalleryPartitions(connection, pack).all()) {
                Sql.update(connection, "DROP INDEX IF EXISTS " + partition.index());
                Sql.update(connection, "TRUNCATE " + partition.table());
            }
        }
        Sql.update(connection, "TRUNCATE person_centre, opted_out_template");
        connection.commit();
    }

    private record Sealed(SealedRows.Entry entry, @Nullable Long person, ByteBuffer vectors) {}

    private Filled templates(Connection connection, long all) throws SQLException {
        Filled filled = new Filled(0, 0);
        Set<Partition> partitions = new HashSet<>();
        long told = System.nanoTime();
        List<Sealed> batch = next(connection, 0, (short) 0);
        while (!batch.isEmpty()) {
            filled = filled.and(copy(connection, batch, partitions));
            connection.commit();
            long behind = filled.done() + filled.lost();
            progress = behind + " of " + all;
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                log.info("{} of {} sealed templates are read", behind, all);
            }
            if (rounds.stopped()) {
                throw new UnfilledException();
            }
            SealedRows.Entry last = batch.get(batch.size() - 1).entry();
            batch = next(connection, last.no(), last.pack());
        }
        return filled;
    }

    private static List<Sealed> next(Connection connection, long sequence, short pack) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT t.pack_id, t.sequence_no, s.id, t.made_from, t.dropped, t.vectors,
                    CASE WHEN s.pack_id = t.pack_id THEN coalesce(s.person, s.early_person) END AS person
                FROM sealed_template t JOIN sequence s ON s.no = t.sequence_no
                WHERE (t.sequence_no, t.pack_id) > (?, ?)
                ORDER BY t.sequence_no, t.pack_id LIMIT ?
                """,
                row -> new Sealed(
                        new SealedRows.Entry(
                                row.getShort("pack_id"),
                                row.getLong("sequence_no"),
                                row.getObject("id", UUID.class),
                                row.getObject("made_from") == null ? null : row.getShort("made_from"),
                                row.getInt("dropped")),
                        row.getObject("person", Long.class),
                        ByteBuffer.wrap(row.getBytes("vectors"))),
                sequence,
                pack,
                BATCH);
    }

    private record Partition(short pack, long number) {}

    private Filled copy(Connection connection, List<Sealed> batch, Set<Partition> partitions) throws SQLException {
        Map<UUID, Seal> seals =
                database.keys().find(batch.stream().map(one -> one.entry().id()).toList());
        TemplateCopy copy = new TemplateCopy();
        long lost = 0;
        for (Sealed one : batch) {
            SealedRows.Entry entry = one.entry();
            Optional<List<TemplateRow>> rows = open(seals.get(entry.id()), one);
            if (rows.isEmpty()) {
                lost++;
                continue;
            }
            if (partitions.add(new Partition(entry.pack(), entry.no() / GalleryPartitions.WIDTH))) {
                new GalleryPartitions(connection, entry.pack()).ensure(entry.no());
            }
            rows.get().forEach(row -> copy.add(entry, one.person(), row));
        }
        try {
            copy.into(connection);
        } catch (IOException e) {
            throw new SQLException("vectors cannot be sent: " + e.getMessage(), "08006", e);
        }
        return new Filled(batch.size() - lost, lost);
    }

    private static Optional<List<TemplateRow>> open(@Nullable Seal seal, Sealed one) {
        if (seal == null) {
            log.debug("the key {} is not there", one.entry().id());
            return Optional.empty();
        }
        return SealedRows.open(
                        seal,
                        one.vectors(),
                        SealedRows.Kind.VECTORS,
                        one.entry().id(),
                        one.entry().pack())
                .map(TemplateRow::decode);
    }

    private Filled optOuts(Connection connection) throws SQLException {
        return new Filled(0, new OptOuts(connection).fill(database.keys()));
    }

    /**
     * Of those sequences that consolidation has taken up: the others will be, and change it then. Of all, where that is
     * none because somebody has lost or gained some.
     */
    private static void centres(Connection connection) throws SQLException {
        Sql.update(connection, """
                INSERT INTO person_centre (person, centre)
                SELECT t.person, l2_normalize(coalesce(
                    avg(t.embedding ORDER BY s.id) FILTER (WHERE s.settled), avg(t.embedding ORDER BY s.id)))
                FROM template t JOIN sequence s ON s.no = t.sequence_no AND s.pack_id = t.pack_id
                WHERE t.ordinal = 0 AND t.person IS NOT NULL AND s.decision IS NOT NULL
                GROUP BY t.person
                """);
    }
}
