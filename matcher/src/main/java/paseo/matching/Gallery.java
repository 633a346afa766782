package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import paseo.events.Template;

/** The templates of one model pack and the persons they stand for, within one transaction. */
final class Gallery {
    /** Templates nearest to the probe's centre; with up to six per stored sequence, at least ten sequences' worth. */
    private static final int NEAREST = 64;

    /** Any constant will do, as long as nobody else locks it: "paseo" and a number. */
    private static final long LOCK = 0x706173656f000001L;

    private final Connection connection;
    private final short pack;

    Gallery(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /**
     * Persons near a probe, ordered by number: the templates nearest to its centre name them, then the similarities
     * that {@link Candidate} is made of are taken over all of their templates.
     *
     * @param excluded left out from the start, so that their templates do not fill the places of others
     */
    List<Candidate> near(Template probe, Set<Long> excluded) throws SQLException {
        return Sql.query(
                connection,
                """
                WITH probe AS MATERIALIZED (
                    SELECT place, text::halfvec AS embedding
                    FROM unnest(?::text[]) WITH ORDINALITY AS p (text, place)
                ), near AS (
                    SELECT DISTINCT hit.person
                    FROM (
                        SELECT t.person FROM template t
                        WHERE t.pack_id = ? AND t.person IS NOT NULL AND t.person <> ALL (?)
                        ORDER BY t.embedding <#> (SELECT embedding FROM probe WHERE place = 1)
                        LIMIT ?) AS hit
                )
                SELECT t.person,
                       max(-(t.embedding <#> probe.embedding))
                           FILTER (WHERE t.ordinal = 0 AND probe.place = 1) AS centre,
                       max(-(t.embedding <#> probe.embedding))
                           FILTER (WHERE t.ordinal > 0 AND probe.place > 1) AS prototype
                FROM near JOIN template t ON t.person = near.person CROSS JOIN probe
                WHERE t.pack_id = ?
                GROUP BY t.person
                ORDER BY t.person
                """,
                row -> new Candidate(
                        row.getLong("person"), row.getDouble("centre"), Sql.optionalDouble(row, "prototype")),
                Vectors.texts(probe),
                pack,
                excluded.toArray(Long[]::new),
                NEAREST,
                pack);
    }

    /**
     * Persons who certainly are not the one of a sequence (I11): they own a sequence that shared a frame with it,
     * according to either sequence's event or to the faces of both.
     */
    Set<Long> seenWith(UUID sequence) throws SQLException {
        return new HashSet<>(Sql.query(connection, """
                SELECT DISTINCT o.person
                FROM sequence o
                JOIN (
                    SELECT s.no FROM sequence_conflict c JOIN sequence s ON s.id = c.other WHERE c.sequence = ?
                    UNION
                    SELECT s.no FROM sequence_conflict c JOIN sequence s ON s.id = c.sequence WHERE c.other = ?
                    UNION
                    SELECT theirs.sequence_no
                    FROM sequence s
                    JOIN sequence_face ours ON ours.session_id = s.session_id AND ours.sequence_no = s.no
                        AND ours.frame BETWEEN s.first_frame AND s.last_frame
                    JOIN sequence_face theirs ON theirs.session_id = ours.session_id AND theirs.frame = ours.frame
                    WHERE s.id = ? AND theirs.sequence_no <> s.no
                ) AS apart ON apart.no = o.no
                WHERE o.person IS NOT NULL
                """, row -> row.getLong(1), sequence, sequence, sequence));
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

    /** Persons created in this gallery. */
    long size() throws SQLException {
        return Sql.one(connection, "SELECT count(*) FROM person WHERE pack_id = ?", row -> row.getLong(1), pack);
    }

    /**
     * Keeps a sequence's template.
     *
     * @param person whose it is, empty to keep it out of searches
     */
    void keep(long sequence, Template template, OptionalLong person) throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding, weight, concentration, face_count)
                VALUES (?, ?, 0, ?, ?::halfvec, ?, ?, ?)
                """,
                pack,
                sequence,
                person,
                Vectors.text(template.centre()),
                template.weight(),
                template.concentration(),
                template.faceCount());
        int ordinal = 1;
        for (Template.Prototype prototype : template.prototypes()) {
            keep(sequence, ordinal++, prototype, person);
        }
    }

    private void keep(long sequence, int ordinal, Template.Prototype prototype, OptionalLong person)
            throws SQLException {
        byte[] crop = new byte[prototype.crop().remaining()];
        prototype.crop().duplicate().get(crop);
        Sql.update(
                connection,
                """
                INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding,
                    frame, face_index, capture_us, quality, yaw, pitch, roll, crop)
                VALUES (?, ?, ?, ?, ?::halfvec, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                pack,
                sequence,
                ordinal,
                person,
                Vectors.text(prototype.embedding()),
                Math.toIntExact(prototype.frame()),
                prototype.faceIndex(),
                prototype.captureTimeMicros(),
                prototype.quality(),
                prototype.pose().yaw(),
                prototype.pose().pitch(),
                prototype.pose().roll(),
                crop);
    }
}
