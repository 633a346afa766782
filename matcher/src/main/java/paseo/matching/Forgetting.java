package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import paseo.events.Topics;

/**
 * Sequences that are to be gone: their faces, vectors, pictures and links, and a tombstone for each on the topic
 * {@code sightings}. For a transaction that has the gallery alone.
 */
final class Forgetting {
    /**
     * Faces of sequences, whose numbers are given: found by the table's key, for it is too large for a second one. What
     * has an offset is asked for each sequence by itself; joined, PostgreSQL may think of reading the whole table.
     */
    static final String FACES = """
            SELECT m.session_id, m.frame, m.index
            FROM sequence s CROSS JOIN LATERAL (
                SELECT o.session_id, o.frame, o.index FROM sequence_face o
                WHERE o.session_id = s.session_id AND o.frame BETWEEN s.first_frame AND s.last_frame
                    AND o.sequence_no = s.no
                OFFSET 0) AS m
            WHERE s.no = ANY (?)
            """;

    /** Of somebody who was seen very often, one statement over all sequences would meet the limit of its time. */
    private static final int BATCH = 200;

    private final Connection connection;

    Forgetting(Connection connection) {
        this.connection = connection;
    }

    /**
     * A sequence to be forgotten.
     *
     * @param no its row
     * @param id its id on the topics
     */
    record Gone(long no, UUID id) {}

    /**
     * What was deleted.
     *
     * @param faces with their boxes, landmarks and embeddings
     * @param templates vectors and crops of the gallery
     */
    record Deleted(int faces, int templates) {}

    /** As many at a time as one statement should take. */
    static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return batches;
    }

    /** Deletes sequences with all that hangs on them; a person founded by one of them is founded by the next. */
    Deleted forget(List<Gone> gone) throws SQLException {
        Long[] nos = gone.stream().map(Gone::no).toArray(Long[]::new);
        UUID[] ids = gone.stream().map(Gone::id).toArray(UUID[]::new);
        int faces = update("""
                DELETE FROM face f USING (%s) AS m
                WHERE f.session_id = m.session_id AND f.frame = m.frame AND f.index = m.index
                """.formatted(FACES), nos);
        update("""
                DELETE FROM sequence_face f USING (%s) AS m
                WHERE f.session_id = m.session_id AND f.frame = m.frame AND f.index = m.index
                """.formatted(FACES), nos);
        int templates = update("DELETE FROM template WHERE sequence_no = ANY (?)", nos);
        update("DELETE FROM sealed_template WHERE sequence_no = ANY (?)", nos);
        update("DELETE FROM sighting_outbox WHERE sequence_no = ANY (?)", nos);
        Sql.update(connection, "DELETE FROM sequence_conflict WHERE sequence = ANY (?) OR other = ANY (?)", ids, ids);
        new HandRows(connection).handOn(nos, ids);
        Sql.update(connection, "DELETE FROM hand_link WHERE sequence = ANY (?) OR other = ANY (?)", ids, ids);
        unpair(gone.stream().map(sequence -> -sequence.no()).toArray(Long[]::new));
        Sql.update(connection, """
                UPDATE person p
                SET first_sequence = (SELECT min(no) FROM sequence WHERE person = p.number AND no <> ALL (?))
                WHERE first_sequence = ANY (?)
                """, nos, nos);
        update("INSERT INTO erased_sequence SELECT * FROM unnest(?) ON CONFLICT DO NOTHING", ids);
        update("DELETE FROM sequence WHERE no = ANY (?)", nos);
        new TombstoneOutbox(connection)
                .add(
                        Topics.SIGHTINGS.name(),
                        gone.stream().map(sequence -> sequence.id().toString()).toList());
        return new Deleted(faces, templates);
    }

    /** Has faces of sequences that are to be forgotten deleted, too, should they be stored later or once more. */
    void refuse(List<Gone> gone) throws SQLException {
        update(
                "INSERT INTO unwanted_face " + FACES + " ON CONFLICT DO NOTHING",
                gone.stream().map(Gone::no).toArray(Long[]::new));
    }

    /** Empties numbers of persons of whom nothing is left; nobody else is ever given them. */
    void empty(Long[] numbers) throws SQLException {
        update("DELETE FROM watched_person WHERE person = ANY (?)", numbers);
        update("DELETE FROM person_centre WHERE person = ANY (?)", numbers);
        unpair(numbers);
        update("""
                UPDATE person
                SET first_sequence = NULL, silhouette = NULL, nearest = NULL, nearest_similarity = NULL,
                    erased_at = now()
                WHERE number = ANY (?)
                """, numbers);
        update("UPDATE person SET nearest = NULL, nearest_similarity = NULL WHERE nearest = ANY (?)", numbers);
        new TombstoneOutbox(connection)
                .add(
                        Topics.PERSONS.name(),
                        List.of(numbers).stream().map(String::valueOf).toList());
    }

    /**
     * Whom they were seen with is no longer known. Two statements, because of a condition on either column PostgreSQL
     * would read the whole table.
     *
     * @param somebody numbers of persons; of a sequence that belongs to nobody, minus its number
     */
    private void unpair(Long[] somebody) throws SQLException {
        update("DELETE FROM seen_together WHERE one = ANY (?)", somebody);
        update("DELETE FROM seen_together WHERE other = ANY (?)", somebody);
    }

    /** Every number that means one of these persons. */
    Long[] namesOf(Long[] persons) throws SQLException {
        return Sql.query(connection, """
                        WITH RECURSIVE name AS (
                            SELECT number FROM person WHERE number = ANY (?) AND erased_at IS NULL
                            UNION SELECT p.number FROM person p JOIN name ON p.merged_into = name.number
                        )
                        SELECT number FROM name ORDER BY number
                        """, row -> row.getLong(1), (Object) persons)
                .toArray(Long[]::new);
    }

    /** With one array as the one parameter. */
    private int update(String sql, Object[] array) throws SQLException {
        return Sql.update(connection, sql, (Object) array);
    }
}
