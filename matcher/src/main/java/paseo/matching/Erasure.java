package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import paseo.events.Topics;

/**
 * Erases a person: every sequence, face, vector and picture of theirs in PostgreSQL, in one transaction with its entry
 * in the audit trail and the wish that their keys be deleted. The number stays, empty, so that nobody else is ever
 * given it. Topics get tombstones; what {@code detections} and {@code sequences} still hold goes with their retention,
 * and is not stored again if it is read again.
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
     * @param keys that are deleted, by a running matcher within seconds: from then on nothing of all this can be read
     *     in a copy of the database either, however old
     * @param tombstones that are published
     * @param topicsClearBy when Kafka has deleted the last record that can hold a face of theirs at the latest; a
     *     running matcher deletes them at once
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
            int keys,
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

    /**
     * Erases whom a number means, and has every later sequence of theirs dropped: nothing of them is kept but vectors
     * without pictures that lead to nobody.
     *
     * @return empty when there is nobody
     */
    public Optional<Receipt> optOut(long number) {
        return database.asked("let a person opt out", connection -> {
            GalleryLock.takeAlone(connection);
            Optional<HandRows.Living> living = new HandRows(connection).living(number);
            if (living.isEmpty()) {
                return Optional.empty();
            }
            Long[] numbers =
                    new Forgetting(connection).namesOf(new Long[] {living.get().number()});
            long entry = new OptOuts(connection).add(numbers, database.keys());
            AuditTrail.append(
                    connection, actor, "opt-out", "person " + living.get().number(), "entry " + entry);
            return erase(connection, living.get().number());
        });
    }

    /** The pictures that are kept of whom a number means: by them it is known what else shows that person. */
    public List<byte[]> pictures(long number) {
        return database.asked("read the pictures of a person", connection -> {
            Optional<HandRows.Living> living = new HandRows(connection).living(number);
            if (living.isEmpty()) {
                return List.of();
            }
            Long[] numbers =
                    new Forgetting(connection).namesOf(new Long[] {living.get().number()});
            List<Long> sequences = Sql.query(
                    connection,
                    "SELECT no FROM sequence WHERE person = ANY (?) OR early_person = ANY (?)",
                    row -> row.getLong(1),
                    numbers,
                    numbers);
            SealedRows rows = new SealedRows(connection);
            List<byte[]> pictures = new ArrayList<>();
            for (List<Long> batch : Forgetting.batches(sequences)) {
                rows.pictures(database.keys(), batch).values().stream()
                        .flatMap(shots -> shots.values().stream())
                        .map(SealedRows::bytes)
                        .forEach(pictures::add);
            }
            return pictures;
        });
    }

    /** Who has opted out. */
    public List<OptOut> optOuts() {
        return database.asked(
                "read who has opted out",
                connection -> Sql.query(
                        connection,
                        "SELECT id, since FROM opted_out ORDER BY id",
                        row -> new OptOut(row.getLong(1), row.getTimestamp(2).toInstant())));
    }

    /**
     * Somebody who has opted out.
     *
     * @param entry by which it can be taken back
     * @param since when
     */
    public record OptOut(long entry, Instant since) {}

    /** Takes an opt-out back: from now on this person is one like any other. Whether there was one. */
    public boolean optIn(long entry) {
        return database.asked("take an opt-out back", connection -> {
            boolean removed = new OptOuts(connection).remove(entry);
            if (removed) {
                AuditTrail.append(connection, actor, "opt-in", "entry " + entry, "");
            }
            return removed;
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
        new PurgeWishes(connection).sequences(gone, Duration.ZERO);
        forgetting.empty(numbers);
        int faces = 0;
        int templates = 0;
        for (List<Forgetting.Gone> batch : Forgetting.batches(gone)) {
            forgetting.refuse(batch);
            Forgetting.Deleted deleted = forgetting.forget(batch);
            faces += deleted.faces();
            templates += deleted.templates();
        }
        String outcome = gone.size() + " sequences, " + faces + " faces, " + templates + " vectors";
        AuditEntry entry = AuditTrail.append(connection, actor, "erase", "person " + person, outcome);
        return Optional.of(new Receipt(
                person,
                List.of(numbers),
                entry.at(),
                gone.size(),
                faces,
                templates,
                gone.size(),
                gone.size() + numbers.length,
                entry.at().plus(Topics.SEQUENCES.retention()),
                entry.position(),
                entry.hash()));
    }
}
