package paseo.matching;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The table {@code audit}: every search, correction and erasure. Each row carries the SHA-256 of itself and of the row
 * before, so that nothing in the middle can be changed or taken out unnoticed. What the chain alone cannot show is that
 * its end was cut off: whoever notes position and hash of an entry elsewhere, as every receipt of an erasure does, can
 * show that too.
 */
public final class AuditTrail {
    private static final String BEGINNING = "0".repeat(64);
    private static final long LOCK = 0x706173656f000004L;

    private final Database database;

    AuditTrail(Database database) {
        this.database = database;
    }

    /**
     * What a walk along the whole chain has found.
     *
     * @param entries how many there are
     * @param head hash of the last one, hexadecimal; empty when there is none
     * @param broken position at which the chain does not hold, if any
     */
    public record Verification(long entries, String head, OptionalLong broken) {}

    /** Adds an entry in a transaction of its own. */
    public AuditEntry append(String actor, String action, String subject, String outcome) {
        return database.asked(
                "write the audit trail", connection -> append(connection, actor, action, subject, outcome));
    }

    /** Adds an entry to the transaction whose deed it tells of: both are there, or neither. */
    static AuditEntry append(Connection connection, String actor, String action, String subject, String outcome)
            throws SQLException {
        Sql.one(connection, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
        Optional<Row> last = Sql.first(connection, "SELECT * FROM audit ORDER BY position DESC LIMIT 1", Row::of);
        Row row = Row.following(
                last,
                new AuditEntry(
                        last.map(before -> before.entry.position()).orElse(0L) + 1,
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        actor,
                        action,
                        subject,
                        outcome,
                        ""));
        AuditEntry entry = row.entry;
        Sql.update(
                connection,
                """
                INSERT INTO audit (position, at_us, actor, action, subject, outcome, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                entry.position(),
                micros(entry.at()),
                entry.actor(),
                entry.action(),
                entry.subject(),
                entry.outcome(),
                HexFormat.of().parseHex(row.previous),
                HexFormat.of().parseHex(entry.hash()));
        return entry;
    }

    /** Entries, newest first. */
    public List<AuditEntry> newest(long before, int most) {
        return database.asked(
                "read the audit trail",
                connection -> Sql.query(
                                connection,
                                "SELECT * FROM audit WHERE position < ? ORDER BY position DESC LIMIT ?",
                                Row::of,
                                before,
                                most)
                        .stream()
                        .map(row -> row.entry)
                        .toList());
    }

    /** Walks along the whole chain. */
    public Verification verify() {
        return database.asked("read the audit trail", connection -> {
            Walk walk = new Walk();
            Sql.stream(connection, "SELECT * FROM audit ORDER BY position", Row::of, walk::step);
            return new Verification(walk.entries, walk.head, walk.broken);
        });
    }

    private static final class Walk {
        private long entries;
        private String head = "";
        private OptionalLong broken = OptionalLong.empty();

        void step(Row row) {
            entries++;
            boolean holds = row.entry.position() == entries
                    && row.previous.equals(entries == 1 ? BEGINNING : head)
                    && row.entry.hash().equals(hash(row.previous, row.entry));
            if (!holds && broken.isEmpty()) {
                broken = OptionalLong.of(Math.min(entries, row.entry.position()));
            }
            head = row.entry.hash();
        }
    }

    /** An entry and what it is chained to. */
    private record Row(AuditEntry entry, String previous) {
        static Row following(Optional<Row> last, AuditEntry entry) {
            String previous = last.map(row -> row.entry.hash()).orElse(BEGINNING);
            return new Row(
                    new AuditEntry(
                            entry.position(),
                            entry.at(),
                            entry.actor(),
                            entry.action(),
                            entry.subject(),
                            entry.outcome(),
                            AuditTrail.hash(previous, entry)),
                    previous);
        }

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    new AuditEntry(
                            row.getLong("position"),
                            Instant.EPOCH.plus(row.getLong("at_us"), ChronoUnit.MICROS),
                            row.getString("actor"),
                            row.getString("action"),
                            row.getString("subject"),
                            row.getString("outcome"),
                            HexFormat.of().formatHex(row.getBytes("hash"))),
                    HexFormat.of().formatHex(row.getBytes("previous")));
        }
    }

    private static String hash(String previous, AuditEntry entry) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(previous));
        digest.update(ByteBuffer.allocate(16)
                .putLong(entry.position())
                .putLong(micros(entry.at()))
                .flip());
        for (String text : List.of(entry.actor(), entry.action(), entry.subject(), entry.outcome())) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
