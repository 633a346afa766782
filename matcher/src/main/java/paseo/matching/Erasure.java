package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import paseo.events.Topics;

/**
 * Erases a person: every sequence, face, vector and picture of theirs in PostgreSQL, in one transaction with its entry
 * in the audit trail. The number stays, empty, so that nobody else is ever given it. Topics get tombstones; what
 * {@code detections} and {@code sequences} still hold goes with their retention, and is not stored again if it is read
 * again.
 */
public final class Erasure {
    private final Database database;
    private final String actor;

    Erasure(Database database, String actor) {
        this.database = database;
        this.actor = actor;
    }

    /**
     * What was done.
     *
     * @param person who is erased
     * @param numbers all numbers that meant this person
     * @param at when
     * @param sequences erased
     * @param faces with their boxes, landmarks and embeddings
     * @param templates vectors and crops of the gallery
     * @param tombstones that are published
     * @param topicsClearBy when Kafka has deleted the last record that can hold a face of theirs
     * @param audit position of the entry in the audit trail
     * @param hash of that entry, hexadecimal
     */
    public record Receipt(
            long person,
            List<Long> numbers,
            Instant at,
            int sequences,
            int faces,
            int templates,
            int tombstones,
            Instant topicsClearBy,
            long audit,
            String hash) {
        public Receipt {
            numbers = List.copyOf(numbers);
        }
    }

    /** Erases whom a number means by now; empty when there is nobody. */
    public Optional<Receipt> person(long number) {
        return database.asked("erase a person", connection -> {
            GalleryLock.takeAlone(connection);
            Optional<HandRows.Living> living = new HandRows(connection).living(number);
            return living.isPresent() ? erase(connection, living.get().number()) : Optional.empty();
        });
    }

    private record Gone(long no, UUID id) {}

    private Optional<Receipt> erase(Connection connection, long person) throws SQLException {
        Long[] numbers =
                Sql.query(connection, """
                        WITH RECURSIVE name AS (
                            SELECT number FROM person WHERE number = ? AND erased_at IS NULL
                            UNION SELECT p.number FROM person p JOIN name ON p.merged_into = name.number
                        )
                        SELECT number FROM name ORDER BY number
                        """, row -> row.getLong(1), person).toArray(Long[]::new);
        if (numbers.length == 0) {
            return Optional.empty();
        }
        List<Gone> gone = Sql.query(
                connection,
                "SELECT no, id FROM sequence WHERE person = ANY (?) OR early_person = ANY (?) ORDER BY no",
                row -> new Gone(row.getLong(1), row.getObject(2, UUID.class)),
                numbers,
                numbers);
        Long[] nos = gone.stream().map(Gone::no).toArray(Long[]::new);
        UUID[] ids = gone.stream().map(Gone::id).toArray(UUID[]::new);
        int faces = faces(connection, nos);
        int templates = update(connection, "DELETE FROM template WHERE sequence_no = ANY (?)", nos);
        links(connection, nos, ids, numbers);
        persons(connection, nos, numbers);
        update(connection, "INSERT INTO erased_sequence SELECT * FROM unnest(?) ON CONFLICT DO NOTHING", ids);
        update(connection, "DELETE FROM sequence WHERE no = ANY (?)", nos);
        int tombstones = bury(connection, gone, numbers);
        String outcome = gone.size() + " sequences, " + faces + " faces, " + templates + " vectors";
        AuditEntry entry = AuditTrail.append(connection, actor, "erase", "person " + person, outcome);
        return Optional.of(new Receipt(
                person,
                List.of(numbers),
                entry.at(),
                gone.size(),
                faces,
                templates,
                tombstones,
                entry.at().plus(Topics.SEQUENCES.retention()),
                entry.position(),
                entry.hash()));
    }

    private static int faces(Connection connection, Long[] nos) throws SQLException {
        int faces = update(connection, """
                DELETE FROM face f USING sequence_face m
                WHERE m.sequence_no = ANY (?)
                    AND f.session_id = m.session_id AND f.frame = m.frame AND f.index = m.index
                """, nos);
        update(connection, "DELETE FROM sequence_face WHERE sequence_no = ANY (?)", nos);
        return faces;
    }

    private static void links(Connection connection, Long[] nos, UUID[] ids, Long[] numbers) throws SQLException {
        update(connection, "DELETE FROM sighting_outbox WHERE sequence_no = ANY (?)", nos);
        Sql.update(connection, "DELETE FROM sequence_conflict WHERE sequence = ANY (?) OR other = ANY (?)", ids, ids);
        Sql.update(connection, "DELETE FROM hand_link WHERE sequence = ANY (?) OR other = ANY (?)", ids, ids);
        Sql.update(connection, """
                DELETE FROM seen_together
                USING (SELECT unnest(?::bigint[]) AS side UNION SELECT -unnest(?::bigint[])) AS s
                WHERE one = s.side OR other = s.side
                """, numbers, nos);
    }

    private static void persons(Connection connection, Long[] nos, Long[] numbers) throws SQLException {
        update(connection, "DELETE FROM watched_person WHERE person = ANY (?)", numbers);
        Sql.update(connection, """
                UPDATE person
                SET first_sequence = NULL, centre = NULL, silhouette = NULL, nearest = NULL, nearest_similarity = NULL,
                    erased_at = now()
                WHERE number = ANY (?)
                """, (Object) numbers);
        // Somebody else may have been founded by what was found to be this person's.
        Sql.update(connection, """
                UPDATE person p SET first_sequence = (SELECT min(no) FROM sequence WHERE person = p.number)
                WHERE first_sequence = ANY (?)
                """, (Object) nos);
        Sql.update(
                connection,
                "UPDATE person SET nearest = NULL, nearest_similarity = NULL WHERE nearest = ANY (?)",
                (Object) numbers);
    }

    private static int bury(Connection connection, List<Gone> gone, Long[] numbers) throws SQLException {
        TombstoneOutbox outbox = new TombstoneOutbox(connection);
        outbox.add(
                Topics.SIGHTINGS.name(),
                gone.stream().map(sequence -> sequence.id().toString()).toList());
        outbox.add(
                Topics.PERSONS.name(),
                List.of(numbers).stream().map(String::valueOf).toList());
        return gone.size() + numbers.length;
    }

    /** With one array as the one parameter. */
    private static int update(Connection connection, String sql, Object[] array) throws SQLException {
        return Sql.update(connection, sql, (Object) array);
    }
}
