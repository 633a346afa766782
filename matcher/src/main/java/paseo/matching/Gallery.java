package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Template;

/** The templates of one model pack and the persons they stand for, within one transaction. */
final class Gallery {
    /** Templates nearest to the probe's centre: up to six per stored sequence, and enough persons for a cohort. */
    static final int NEAREST = 160;

    /** Any constant will do, as long as nobody else locks it: "paseo" and a number. */
    private static final long LOCK = 0x706173656f000001L;

    private static final long NO_SEQUENCE = 0;

    /** Enough to see a drift of the site, and read in a moment at the start. */
    private static final int REMEMBERED = 10_000;

    private final Connection connection;
    private final short pack;
    private final @Nullable GalleryMemory memory;

    Gallery(Connection connection, short pack) {
        this(connection, pack, null);
    }

    /** @param memory of the same pack, which speeds searches up once it is ready */
    Gallery(Connection connection, short pack, @Nullable GalleryMemory memory) {
        this.connection = connection;
        this.pack = pack;
        this.memory = memory;
    }

    short pack() {
        return pack;
    }

    /**
     * Persons near a probe, ordered by number: the templates nearest to its centre name them, then the similarities
     * that {@link Candidate} is made of are taken over all of their templates.
     *
     * @param sequence the probe's own, whose templates it is not compared with
     * @param excluded left out from the start, so that their templates do not fill the places of others
     */
    List<Candidate> near(Template probe, long sequence, Set<Long> excluded) throws SQLException {
        // By number, so that each partition finds them on one walk along its index: a join would walk it for each
        // person.
        Long[] near = new GallerySearch(connection, pack)
                .nearest(memory, probe.centre(), sequence, excluded, NEAREST).stream()
                        .map(GallerySearch.Hit::person)
                        .distinct()
                        .sorted()
                        .toArray(Long[]::new);
        return Sql.query(
                connection,
                """
                WITH probe AS MATERIALIZED (
                    SELECT place, text::halfvec AS embedding
                    FROM unnest(?::text[]) WITH ORDINALITY AS p (text, place)
                )
                SELECT t.person,
                       coalesce(1 - nullif((avg(t.embedding) FILTER (WHERE t.ordinal = 0 AND probe.place = 1))
                           <=> (SELECT embedding FROM probe WHERE place = 1), 'NaN'), 0) AS centre,
                       max(-(t.embedding <#> probe.embedding))
                           FILTER (WHERE t.ordinal > 0 AND probe.place > 1) AS prototype
                FROM template t CROSS JOIN probe
                WHERE t.person = ANY (?) AND t.pack_id = ? AND t.sequence_no <> ?
                GROUP BY t.person
                ORDER BY t.person
                """,
                row -> new Candidate(
                        row.getLong("person"), row.getDouble("centre"), Sql.optionalDouble(row, "prototype")),
                Vectors.texts(probe),
                near,
                pack,
                sequence);
    }

    /** Waits until no other transaction can create a person; held until this one ends (I6). */
    void lockCreation() throws SQLException {
        Sql.one(connection, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    }

    /** Creates a person under the lock: the next number, without gaps, as no sequence of the database would give. */
    long create(long firstSequence) throws SQLException {
        return Sql.one(connection, """
                INSERT INTO person (number, first_sequence, pack_id)
                SELECT coalesce(max(number), 0) + 1, ?, ? FROM person
                RETURNING number
                """, row -> row.getLong(1), firstSequence, pack);
    }

    /** Persons in this gallery, but for one that this sequence itself has founded. */
    long size(long sequence) throws SQLException {
        return Sql.one(
                connection,
                "SELECT count(*) FROM person WHERE pack_id = ? AND merged_into IS NULL AND first_sequence <> ?",
                row -> row.getLong(1),
                pack,
                sequence);
    }

    /** Persons in this gallery. */
    long size() throws SQLException {
        return size(NO_SEQUENCE);
    }

    /**
     * How alike the faces of each decided sequence are, of the latest {@value #REMEMBERED} that can tell: those of
     * stored pictures were chosen for being unlike each other.
     */
    List<Double> within() throws SQLException {
        return Sql.query(
                        connection,
                        """
                        SELECT t.face_count, t.concentration FROM template t JOIN sequence s ON s.no = t.sequence_no
                        WHERE t.pack_id = ? AND t.ordinal = 0 AND s.decision IS NOT NULL AND t.made_from IS NULL
                        ORDER BY t.sequence_no DESC LIMIT ?
                        """,
                        row -> Similarity.within(row.getInt("face_count"), row.getDouble("concentration")),
                        pack,
                        REMEMBERED)
                .stream()
                .flatMapToDouble(OptionalDouble::stream)
                .boxed()
                .toList();
    }

    /**
     * Makes sure that a person found in a search stays one until this transaction ends.
     *
     * @throws SQLTransactionRollbackException if it has become another one meanwhile: the transaction must be repeated
     */
    void hold(long person) throws SQLException {
        boolean there = Sql.one(
                connection,
                "SELECT merged_into IS NULL FROM person WHERE number = ? FOR KEY SHARE",
                row -> row.getBoolean(1),
                person);
        if (!there) {
            throw new SQLTransactionRollbackException(
                    "person " + person + " was merged during a search", SqlFaults.SERIALISATION);
        }
    }

    /**
     * Says that the founder of a person has turned out to be somebody else: the number becomes another name of that
     * one, unless other sequences have come to belong to it.
     *
     * @param successor whose the founder is now; empty when nobody's
     */
    void abandon(long person, OptionalLong successor) throws SQLException {
        // Whoever has just recognised this person holds it: their sequences must be visible below.
        Sql.one(connection, "SELECT number FROM person WHERE number = ? FOR UPDATE", row -> row.getLong(1), person);
        Sql.update(connection, """
                UPDATE person
                SET merged_into = CASE WHEN heir.no IS NULL THEN ? END,
                    first_sequence = coalesce(heir.no, first_sequence)
                FROM (SELECT min(no) AS no FROM sequence WHERE person = ? OR early_person = ?) AS heir
                WHERE number = ?
                """, successor, person, person, person);
    }

    /** Takes a sequence's template out. */
    void drop(long sequence) throws SQLException {
        dropVectors(sequence);
        new SealedRows(connection).drop(pack, sequence);
    }

    private void dropVectors(long sequence) throws SQLException {
        Sql.update(connection, "DELETE FROM template WHERE pack_id = ? AND sequence_no = ?", pack, sequence);
    }

    /**
     * Keeps a sequence's template, instead of an earlier one: to be searched, and sealed.
     *
     * @param id of the sequence
     * @param person whose it is, empty to keep it out of searches
     * @param seal of the sequence
     */
    void keep(long sequence, UUID id, Template template, OptionalLong person, Seal seal) throws SQLException {
        new GalleryPartitions(connection, pack).ensure(sequence);
        dropVectors(sequence);
        List<TemplateRow> rows = TemplateRow.of(template);
        SealedRows.Entry entry = new SealedRows.Entry(pack, sequence, id, null, 0);
        new VectorRows(connection).insert(entry, person, rows);
        new SealedRows(connection).put(entry, rows, TemplateRow.pictures(template), seal);
    }
}
