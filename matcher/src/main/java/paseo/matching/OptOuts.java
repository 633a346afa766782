package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import paseo.events.Template;

/**
 * People of whom nothing is to be kept. What is known of them are vectors without pictures; whoever is recognised as
 * one of them is dropped and counted. In a comparison they are candidates like any other person, with numbers below
 * zero, so that the same thresholds and margins decide.
 */
final class OptOuts {
    /** Of each person at most so many vectors of either kind, the surest sequences and best faces first. */
    private static final int MOST = 60;

    private final Connection connection;

    OptOuts(Connection connection) {
        this.connection = connection;
    }

    /** Whether there is anybody. */
    boolean any() throws SQLException {
        return Sql.one(connection, "SELECT EXISTS (SELECT FROM opted_out)", row -> row.getBoolean(1));
    }

    /** Whether a number in a comparison means one of them. */
    static boolean is(long person) {
        return person < 0;
    }

    /** All of them, with how near they are to a probe. */
    List<Candidate> near(Template probe, short pack) throws SQLException {
        return Sql.query(
                connection,
                """
                WITH probe AS MATERIALIZED (
                    SELECT place, text::halfvec AS embedding
                    FROM unnest(?::text[]) WITH ORDINALITY AS p (text, place)
                )
                SELECT -t.entry AS person,
                       coalesce(1 - nullif((avg(t.embedding) FILTER (WHERE NOT t.prototype AND probe.place = 1))
                           <=> (SELECT embedding FROM probe WHERE place = 1), 'NaN'), 0) AS centre,
                       max(-(t.embedding <#> probe.embedding)) FILTER (WHERE t.prototype AND probe.place > 1)
                           AS prototype
                FROM opted_out_template t CROSS JOIN probe
                WHERE t.pack_id = ? GROUP BY t.entry ORDER BY t.entry
                """,
                row -> new Candidate(
                        row.getLong("person"), row.getDouble("centre"), Sql.optionalDouble(row, "prototype")),
                Vectors.texts(probe),
                pack);
    }

    private record Near(UUID sequence, double similarity) {}

    /**
     * Which of these sequences, each of nobody, may be of one of them: a decision would at least have left that open.
     *
     * @param create below this similarity it is somebody else
     */
    Set<UUID> perhaps(List<UUID> sequences, short pack, double create) throws SQLException {
        if (sequences.isEmpty() || !any()) {
            return Set.of();
        }
        return Sql.query(
                        connection,
                        """
                        WITH known AS MATERIALIZED (
                            SELECT entry, avg(embedding) FILTER (WHERE NOT prototype) AS centre
                            FROM opted_out_template WHERE pack_id = ? GROUP BY entry
                        )
                        SELECT s.id, s.cohort_offset,
                               coalesce(1 - nullif(k.centre <=> t.embedding, 'NaN'), 0) AS centre,
                               (SELECT max(-(o.embedding <#> p.embedding))
                                FROM opted_out_template o CROSS JOIN template p
                                WHERE o.entry = k.entry AND o.pack_id = t.pack_id AND o.prototype
                                    AND p.pack_id = t.pack_id AND p.sequence_no = t.sequence_no AND p.ordinal > 0)
                                   AS prototype
                        FROM sequence s JOIN template t ON t.sequence_no = s.no AND t.ordinal = 0 CROSS JOIN known k
                        WHERE t.pack_id = ? AND s.id = ANY (?)
                        """,
                        row -> new Near(
                                row.getObject("id", UUID.class),
                                Similarity.of(row.getDouble("centre"), Sql.optionalDouble(row, "prototype"))
                                        - row.getDouble("cohort_offset")),
                        pack,
                        pack,
                        sequences.toArray(UUID[]::new))
                .stream()
                .filter(near -> near.similarity() >= create)
                .map(Near::sequence)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Adds who has these numbers; to be called before they are erased.
     *
     * @param seals to seal their vectors with
     * @return the entry
     */
    long add(Long[] persons, Seals seals) throws SQLException {
        long entry = Sql.one(connection, "INSERT INTO opted_out DEFAULT VALUES RETURNING id", row -> row.getLong(1));
        Sql.update(connection, """
                INSERT INTO opted_out_template (entry, pack_id, prototype, embedding)
                SELECT ?, pack_id, ordinal > 0, embedding
                FROM (
                    SELECT t.*, row_number() OVER (
                        PARTITION BY pack_id, ordinal > 0 ORDER BY coalesce(weight, quality) DESC, sequence_no, ordinal)
                        AS place
                    FROM template t WHERE person = ANY (?)) AS known
                WHERE place <= ?
                """, entry, persons, MOST);
        seal("opted_out_template", "o.id = " + entry, seals);
        return entry;
    }

    /** Seals the vectors that a program before V14 has stored in a table that copies hold. */
    void sealPlain(Seals seals) throws SQLException {
        seal("plain_opted_out_template", "true", seals);
    }

    private record Vector(Sealed whose, boolean prototype, Halves halves) {
        TemplateRow row() {
            return TemplateRow.bare(prototype ? 1 : 0, halves);
        }
    }

    private record Sealed(long entry, UUID key, short pack) {}

    private void seal(String table, String which, Seals seals) throws SQLException {
        Map<Sealed, List<Vector>> vectors = Sql.query(
                        connection,
                        "SELECT t.entry, o.key, t.pack_id, t.prototype, halfvec_send(t.embedding) FROM " + table
                                + " t JOIN opted_out o ON o.id = t.entry WHERE " + which,
                        row -> new Vector(
                                new Sealed(row.getLong(1), row.getObject(2, UUID.class), row.getShort(3)),
                                row.getBoolean(4),
                                Halves.sent(row.getBytes(5))))
                .stream()
                .collect(Collectors.groupingBy(Vector::whose));
        for (Map.Entry<Sealed, List<Vector>> one : vectors.entrySet()) {
            Sealed whose = one.getKey();
            byte[] plain =
                    TemplateRow.encode(one.getValue().stream().map(Vector::row).toList());
            Sql.update(
                    connection,
                    "INSERT INTO sealed_opt_out (entry, pack_id, vectors) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    whose.entry(),
                    whose.pack(),
                    seals.of(whose.key())
                            .close(plain, SealedRows.of(SealedRows.Kind.OPT_OUT, whose.key(), whose.pack())));
        }
    }

    private record Stored(Sealed whose, ByteBuffer vectors) {}

    /** Makes the plain vectors again from the sealed ones; gives of how many entries that is no longer possible. */
    int fill(Keys keys) throws SQLException {
        List<Stored> all = Sql.query(
                connection,
                "SELECT s.entry, o.key, s.pack_id, s.vectors FROM sealed_opt_out s JOIN opted_out o ON o.id = s.entry",
                row -> new Stored(
                        new Sealed(row.getLong(1), row.getObject(2, UUID.class), row.getShort(3)),
                        SealedRows.wrapped(row, 4)));
        Map<UUID, Seal> seals =
                keys.find(all.stream().map(stored -> stored.whose().key()).toList());
        int lost = 0;
        for (Stored stored : all) {
            Sealed whose = stored.whose();
            Optional<byte[]> plain = SealedRows.open(
                    seals.get(whose.key()), stored.vectors(), SealedRows.Kind.OPT_OUT, whose.key(), whose.pack());
            if (plain.isEmpty()) {
                lost++;
            } else {
                fill(whose, TemplateRow.decode(plain.get()));
            }
        }
        return lost;
    }

    private void fill(Sealed whose, List<TemplateRow> rows) throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO opted_out_template (entry, pack_id, prototype, embedding)
                SELECT ?, ?, ordinal > 0, text::halfvec FROM unnest(?::integer[], ?::text[]) AS v (ordinal, text)
                """,
                whose.entry(),
                whose.pack(),
                rows.stream().map(TemplateRow::ordinal).toArray(Integer[]::new),
                rows.stream().map(row -> row.vector().text()).toArray(String[]::new));
    }

    /** Takes an entry out; whether there was one. */
    boolean remove(long entry) throws SQLException {
        List<UUID> gone = Sql.query(
                connection,
                "DELETE FROM opted_out WHERE id = ? RETURNING key",
                row -> row.getObject(1, UUID.class),
                entry);
        if (!gone.isEmpty()) {
            new PurgeWishes(connection).table("opted_out_template", Duration.ZERO);
            new PurgeWishes(connection).keys(gone.toArray(UUID[]::new), Duration.ZERO);
        }
        return !gone.isEmpty();
    }

    /** Forgets a closed sequence of one of them, for a transaction that has the gallery alone. */
    void drop(long no, UUID id) throws SQLException {
        List<Forgetting.Gone> gone = List.of(new Forgetting.Gone(no, id));
        new PurgeWishes(connection).sequences(gone, PurgeWishes.LATER);
        Forgetting forgetting = new Forgetting(connection);
        forgetting.refuse(gone);
        forgetting.forget(gone);
    }

    /** Where a face was. */
    private record Place(long session, int frame) {}

    /**
     * Deletes faces that were stored after their sequence was forgotten; gives their number. A file that was stopped
     * may bring them once more.
     */
    int sweep() throws SQLException {
        // One statement, for which all is as at one moment: of a frame that is stored meanwhile, the faces would stay.
        List<Place> deleted = Sql.query(connection, """
                WITH swept AS (
                    DELETE FROM face f USING unwanted_face u
                    WHERE f.session_id = u.session_id AND f.frame = u.frame AND f.index = u.index
                    RETURNING f.session_id, f.frame
                ), known AS (
                    DELETE FROM unwanted_face u USING frame f, camera_session c
                    WHERE f.session_id = u.session_id AND f.number = u.frame AND c.id = u.session_id
                        AND NOT (c.kind = 'FILE' AND c.faces_complete IS NULL)
                )
                SELECT session_id, frame FROM swept
                """, row -> new Place(row.getLong(1), row.getInt(2)));
        if (!deleted.isEmpty()) {
            PurgeWishes wishes = new PurgeWishes(connection);
            wishes.faces(
                    "SELECT * FROM unnest(?::bigint[], ?::integer[]) AS p (session_id, frame)",
                    PurgeWishes.LATER,
                    deleted.stream().map(Place::session).toArray(Long[]::new),
                    deleted.stream().map(Place::frame).toArray(Integer[]::new));
            wishes.table("face", PurgeWishes.LATER);
            wishes.topics(PurgeWishes.LATER);
        }
        return deleted.size();
    }
}
