package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.PersonEvent;

/**
 * The table {@code ledger} within one transaction that has the {@link GalleryLock} alone: an entry and what it changes
 * are written together.
 */
final class LedgerRows {
    private final Connection connection;
    private final short pack;

    LedgerRows(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /** All entries, in order. */
    static List<LedgerEntry> read(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT * FROM ledger ORDER BY position", LedgerRows::entry);
    }

    /** Entries before a position, newest first. */
    static List<LedgerEntry> newest(Connection connection, long before, int most) throws SQLException {
        return Sql.query(
                connection,
                "SELECT * FROM ledger WHERE position < ? ORDER BY position DESC LIMIT ?",
                LedgerRows::entry,
                before,
                most);
    }

    /** An entry that is there. */
    static LedgerEntry entry(Connection connection, long position) throws SQLException {
        return Sql.one(connection, "SELECT * FROM ledger WHERE position = ?", LedgerRows::entry, position);
    }

    private static LedgerEntry entry(ResultSet row) throws SQLException {
        return new LedgerEntry(
                row.getLong("position"),
                row.getString("kind"),
                Sql.optionalLong(row, "from_person"),
                Sql.optionalLong(row, "to_person"),
                sequences(row),
                row.getString("cause"),
                Sql.optionalDouble(row, "similarity"),
                row.getString("calibration"),
                Sql.optionalLong(row, "reverts"));
    }

    private static List<UUID> sequences(ResultSet row) throws SQLException {
        return Arrays.stream((Object[]) row.getArray("sequences").getArray())
                .map(UUID.class::cast)
                .toList();
    }

    /** The revision that an entry made. */
    static Optional<LedgerEvent> find(Connection connection, long position) throws SQLException {
        return Sql.first(connection, "SELECT * FROM ledger WHERE position = ?", LedgerRows::event, position);
    }

    private static LedgerEvent event(ResultSet row) throws SQLException {
        OptionalLong ordinal = Sql.optionalLong(row, "ordinal");
        return new LedgerEvent(
                Sql.constant(row, "kind", LedgerEvent.Kind.class),
                Sql.optionalLong(row, "from_person").orElse(LedgerEvent.NOBODY),
                Sql.optionalLong(row, "to_person").orElse(LedgerEvent.NOBODY),
                sequences(row),
                ordinal.isPresent() ? OptionalInt.of((int) ordinal.getAsLong()) : OptionalInt.empty(),
                Sql.constant(row, "cause", LedgerEvent.Cause.class),
                Sql.optionalDouble(row, "similarity"));
    }

    /** The latest entry of the same sort, about vectors or not, that touched any of an event's sequences. */
    static OptionalLong latest(Connection connection, LedgerEvent event) throws SQLException {
        return Sql.one(
                connection,
                """
                SELECT max(position) AS position FROM ledger
                WHERE sequences && ? AND (ordinal IS NOT NULL) = ? AND (ordinal IS NULL OR ordinal = ?)
                """,
                row -> Sql.optionalLong(row, "position"),
                event.sequences().toArray(UUID[]::new),
                event.kind().ofVector(),
                event.ordinal().orElse(0));
    }

    /**
     * Makes a revision true and writes it down.
     *
     * @param reverts position of the entry that it undoes
     * @param calibration version of the thresholds, empty when a person decided
     * @param session that brought it about
     * @return its position
     */
    long append(LedgerEvent event, OptionalLong reverts, String calibration, OptionalLong session) throws SQLException {
        if (event.kind().ofVector()) {
            vector(event);
        } else {
            move(event);
        }
        long position = Sql.one(
                connection,
                """
                INSERT INTO ledger
                    (position, kind, from_person, to_person, sequences, ordinal, cause, similarity, calibration, reverts)
                SELECT coalesce(max(position), 0) + 1, ?::ledger_kind, ?, ?, ?, ?, ?, ?, ?, ? FROM ledger
                RETURNING position
                """,
                row -> row.getLong(1),
                event.kind(),
                orNull(event.from()),
                orNull(event.to()),
                event.sequences().toArray(UUID[]::new),
                event.ordinal().isPresent() ? event.ordinal().getAsInt() : null,
                event.cause(),
                event.similarity(),
                calibration,
                reverts);
        if (!event.kind().ofVector()) {
            new PersonOutbox(connection).add(message(position, event, reverts), session);
        }
        return position;
    }

    private static @Nullable Long orNull(long person) {
        return person == LedgerEvent.NOBODY ? null : person;
    }

    private void vector(LedgerEvent event) throws SQLException {
        boolean dropped = event.kind() == LedgerEvent.Kind.DROPPED;
        changed(
                1,
                Sql.update(
                        connection,
                        """
                        UPDATE template t SET dropped = ?, person = CASE WHEN ? THEN NULL ELSE s.person END
                        FROM sequence s
                        WHERE s.no = t.sequence_no AND t.pack_id = ? AND s.id = ? AND t.ordinal = ? AND t.dropped <> ?
                        """,
                        dropped,
                        dropped,
                        pack,
                        event.sequences().get(0),
                        event.ordinal().orElseThrow(),
                        dropped),
                event);
        Sql.update(
                connection,
                """
                UPDATE sealed_template t
                SET dropped = CASE WHEN ? THEN t.dropped | (1 << o.ordinal) ELSE t.dropped & ~(1 << o.ordinal) END
                FROM sequence s, (SELECT ?::integer AS ordinal) AS o
                WHERE s.no = t.sequence_no AND t.pack_id = ? AND s.id = ?
                """,
                dropped,
                event.ordinal().orElseThrow(),
                pack,
                event.sequences().get(0));
    }

    private void move(LedgerEvent event) throws SQLException {
        UUID[] sequences = event.sequences().toArray(UUID[]::new);
        if (event.kind() == LedgerEvent.Kind.SPLIT || event.kind() == LedgerEvent.Kind.ADOPTED) {
            revive(event.to(), sequences);
        }
        // Sequences in view belong to persons provisionally, and go where those go.
        int moved = Sql.update(
                connection,
                """
                UPDATE sequence
                SET person = CASE WHEN decision IS NOT NULL THEN m.target END,
                    early_person = CASE WHEN decision IS NULL THEN m.target END,
                    early_decision = CASE WHEN decision IS NULL THEN 'RECOGNISED'::decision END,
                    identified_us = CASE WHEN m.target IS NULL THEN NULL
                                         WHEN m.merged THEN identified_us
                                         ELSE greatest(identified_us, last_us) END
                FROM (SELECT ?::bigint AS origin, ?::bigint AS target, ?::boolean AS merged) AS m
                WHERE id = ANY (?) AND coalesce(person, early_person) IS NOT DISTINCT FROM m.origin
                """,
                orNull(event.from()),
                orNull(event.to()),
                event.kind() == LedgerEvent.Kind.MERGED,
                sequences);
        changed(sequences.length, moved, event);
        Sql.update(connection, """
                UPDATE template t SET person = CASE WHEN t.dropped THEN NULL ELSE ?::bigint END
                FROM sequence s WHERE s.no = t.sequence_no AND t.pack_id = s.pack_id AND s.id = ANY (?)
                """, orNull(event.to()), sequences);
        if (event.kind() == LedgerEvent.Kind.MERGED) {
            Sql.update(connection, "UPDATE person SET merged_into = ? WHERE number = ?", event.to(), event.from());
        }
        fade(event.from());
    }

    /** Who has no decided sequence left looks like nobody, and nobody is near them. */
    private void fade(long person) throws SQLException {
        int faded = Sql.update(connection, """
                UPDATE person SET silhouette = NULL, nearest = NULL, nearest_similarity = NULL
                WHERE number = ? AND NOT EXISTS (SELECT FROM sequence WHERE person = ?)
                """, person, person);
        if (faded > 0) {
            Sql.update(connection, "DELETE FROM person_centre WHERE person = ?", person);
            Sql.update(
                    connection,
                    "UPDATE person SET nearest = NULL, nearest_similarity = NULL WHERE nearest = ?",
                    person);
        }
    }

    /** A person who is new, or was somebody else for a while, in which the first sequence may have been forgotten. */
    private void revive(long person, UUID[] sequences) throws SQLException {
        int known = Sql.update(connection, """
                UPDATE person
                SET merged_into = NULL,
                    first_sequence = coalesce(first_sequence, (SELECT min(no) FROM sequence WHERE id = ANY (?)))
                WHERE number = ?
                """, sequences, person);
        if (known == 0) {
            Sql.update(connection, """
                    INSERT INTO person (number, first_sequence, pack_id)
                    SELECT ?, min(no), ? FROM sequence WHERE id = ANY (?)
                    """, person, pack, sequences);
        }
    }

    private static void changed(int expected, int actual, LedgerEvent event) throws SQLException {
        if (actual != expected) {
            throw new SQLException("the gallery is not as the ledger says: of " + expected + " sequences that "
                    + event.kind().name().toLowerCase(Locale.ROOT) + " should concern, " + actual + " are there");
        }
    }

    private PersonEvent message(long position, LedgerEvent event, OptionalLong reverts) throws SQLException {
        boolean released = event.kind() == LedgerEvent.Kind.RELEASED;
        return new PersonEvent(
                "ledger/" + position,
                PersonEvent.Kind.valueOf(event.kind().name()),
                released ? event.from() : event.to(),
                released ? LedgerEvent.NOBODY : event.from(),
                event.sequences(),
                event.similarity(),
                event.cause().name().toLowerCase(Locale.ROOT),
                reverts.orElse(0),
                OptionalDouble.empty(),
                PackRows.nameOf(connection, pack));
    }
}
