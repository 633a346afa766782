package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * How far each partition has been read, kept where the read records are stored (I5). Kafka's own committed offsets are
 * only for those who watch lag.
 *
 * <p>Each reader that takes a partition over raises its generation. A transaction begins by moving the offset under its
 * own generation, from where it read on: a reader that lost the partition without noticing (a pause, a cut network)
 * moves nothing, and its transaction is rolled back. So is a second commit of the same records.
 */
final class OffsetLedger {
    private OffsetLedger() {}

    /** A reader's right to a partition, and where it stands. */
    record Claim(UUID topic, int partition, long generation, long nextOffset) {
        Claim at(long offset) {
            return new Claim(topic, partition, generation, offset);
        }
    }

    /** Somebody else reads the partition now, or the records were stored already. */
    static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FencedException(Claim claim) {
            super("partition " + claim.partition() + " was taken over after generation " + claim.generation());
        }
    }

    /** Takes a partition over; waits for a running transaction of its previous reader. */
    static Claim claim(Connection connection, UUID topic, String name, int partition) throws SQLException {
        return Sql.one(
                connection,
                """
                INSERT INTO consumed_offset AS o (topic_id, partition, topic, next_offset, generation)
                VALUES (?, ?, ?, 0, 1)
                ON CONFLICT (topic_id, partition) DO UPDATE SET generation = o.generation + 1
                RETURNING generation, next_offset
                """,
                row -> new Claim(topic, partition, row.getLong("generation"), row.getLong("next_offset")),
                topic,
                partition,
                name);
    }

    /** Whether the ledger still says what the claim says: not after a failover to a server that lagged. */
    static boolean holds(Connection connection, Claim claim) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT FROM consumed_offset"
                                + " WHERE topic_id = ? AND partition = ? AND generation = ? AND next_offset = ?",
                        row -> true,
                        claim.topic(),
                        claim.partition(),
                        claim.generation(),
                        claim.nextOffset())
                .isPresent();
    }

    /** Moves the offset in the open transaction. */
    static Claim advance(Connection connection, Claim claim, long nextOffset) throws SQLException {
        int moved = Sql.update(
                connection, """
                UPDATE consumed_offset SET next_offset = ?
                WHERE topic_id = ? AND partition = ? AND generation = ? AND next_offset = ?
                """, nextOffset, claim.topic(), claim.partition(), claim.generation(), claim.nextOffset());
        if (moved == 0) {
            throw new FencedException(claim);
        }
        return claim.at(nextOffset);
    }
}
