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

    private Optional<Receipt> erase(Connection connection, long person) throws SQLException {
        Forgetting forgetting = new Forgetting(connection);
        Long[] numbers = forgetting.namesOf(new Long[] {person});
        if (numbers.length == 0) {
            return Optional.empty();
        }
        List<Forgetting.Gone> gone = Sql.query(
                connection,
                "SELECT no, id FROM sequence WHERE person = ANY (?) OR early_person = ANY (?) ORDER BY no",
                row -> new Forgetting.Gone(row.getLong(1), row.getObject(2, UUID.class)),
                numbers,
                numbers);
        forgetting.empty(numbers);
        Forgetting.Deleted deleted = forgetting.forget(gone);
        String outcome = gone.size() + " sequences, " + deleted.faces() + " faces, " + deleted.templates() + " vectors";
        AuditEntry entry = AuditTrail.append(connection, actor, "erase", "person " + person, outcome);
        return Optional.of(new Receipt(
                person,
                List.of(numbers),
                entry.at(),
                gone.size(),
                deleted.faces(),
                deleted.templates(),
                gone.size() + numbers.length,
                entry.at().plus(Topics.SEQUENCES.retention()),
                entry.position(),
                entry.hash()));
    }
}
