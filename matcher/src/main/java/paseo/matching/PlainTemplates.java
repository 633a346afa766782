package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals what programs before V14 have stored in plain, logged tables, and drops those. Each batch is a transaction: a
 * program that is killed amid it leaves what the next one goes on with. Nothing else works on the gallery meanwhile,
 * for it is not filled yet.
 */
final class PlainTemplates {
    private static final Logger log = LoggerFactory.getLogger(PlainTemplates.class);

    private static final long LOCK = 0x706173656f00000bL;
    private static final int BATCH = 200;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Database database;

    PlainTemplates(Database database) {
        this.database = database;
    }

    void seal() throws SQLException {
        if (!database.<Boolean>transaction(PlainTemplates::there)) {
            return;
        }
        try (Connection reading = database.patient();
                Connection writing = database.patient()) {
            Sql.one(reading, "SELECT pg_advisory_lock(?)", row -> true, LOCK);
            writing.setAutoCommit(false);
            if (there(reading)) {
                reading.setAutoCommit(false);
                if (there(reading, "plain_template")) {
                    templates(reading, writing);
                    reading.commit();
                    Sql.update(writing, "DROP TABLE plain_template");
                    writing.commit();
                }
                if (there(reading, "plain_opted_out_template")) {
                    new OptOuts(writing).sealPlain(database.keys());
                    reading.commit();
                    Sql.update(writing, "DROP TABLE plain_opted_out_template");
                    writing.commit();
                }
                if (PlainFaces.there(writing)) {
                    reading.commit();
                    new PlainFaces(database).seal(writing);
                }
            }
        }
    }

    private static boolean there(Connection connection) throws SQLException {
        return there(connection, "plain_template")
                || there(connection, "plain_opted_out_template")
                || PlainFaces.there(connection);
    }

    private static boolean there(Connection connection, String table) throws SQLException {
        return Sql.one(connection, "SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), table);
    }

    /** Rows of one sequence in one pack. */
    private record Plain(
            short pack,
            long no,
            UUID id,
            @Nullable Short madeFrom,
            List<TemplateRow> rows,
            SortedMap<Integer, ByteBuffer> pictures,
            List<Integer> dropped) {
        SealedRows.Entry entry() {
            int bits = dropped.stream().mapToInt(ordinal -> 1 << ordinal).sum();
            return new SealedRows.Entry(pack, no, id, madeFrom, bits);
        }
    }

    private void templates(Connection reading, Connection writing) throws SQLException {
        long all = Sql.one(reading, "SELECT count(*) FROM plain_template WHERE ordinal = 0", row -> row.getLong(1));
        log.info("{} templates are sealed, each under its own key, before anything else is done", all);
        Batches batches = new Batches(writing, all);
        List<Plain> open = new ArrayList<>();
        for (short pack : PackRows.all(reading)) {
            Sql.stream(reading, """
                    SELECT t.*, halfvec_send(t.embedding) AS halves, s.id
                    FROM plain_template t JOIN sequence s ON s.no = t.sequence_no
                    WHERE t.pack_id = ? AND NOT EXISTS (
                        SELECT FROM sealed_template d WHERE d.sequence_no = t.sequence_no AND d.pack_id = t.pack_id)
                    ORDER BY t.sequence_no, t.ordinal
                    """, row -> take(row, open, batches), taken -> {}, pack);
            batches.flush(open);
        }
        log.info("{} templates are sealed", all);
    }

    private static boolean take(ResultSet row, List<Plain> open, Batches batches) throws SQLException {
        short pack = row.getShort("pack_id");
        long no = row.getLong("sequence_no");
        Plain latest = open.isEmpty() ? null : open.get(open.size() - 1);
        if (latest == null || latest.no() != no || latest.pack() != pack) {
            if (open.size() == BATCH) {
                batches.flush(open);
            }
            Short madeFrom = row.getObject("made_from") == null ? null : row.getShort("made_from");
            latest = new Plain(
                    pack,
                    no,
                    Objects.requireNonNull(row.getObject("id", UUID.class)),
                    madeFrom,
                    new ArrayList<>(),
                    new TreeMap<>(),
                    new ArrayList<>());
            open.add(latest);
        }
        latest.rows().add(row(row));
        byte[] crop = row.getBytes("crop");
        if (crop != null) {
            latest.pictures().put(row.getInt("ordinal"), ByteBuffer.wrap(crop));
        }
        if (row.getBoolean("dropped")) {
            latest.dropped().add(row.getInt("ordinal"));
        }
        return true;
    }

    private static TemplateRow row(ResultSet row) throws SQLException {
        return new TemplateRow(
                row.getInt("ordinal"),
                real(row, "weight"),
                real(row, "concentration"),
                integer(row, "face_count"),
                integer(row, "frame"),
                integer(row, "face_index"),
                Sql.optionalLong(row, "capture_us").orElse(TemplateRow.UNKNOWN_TIME),
                real(row, "quality"),
                real(row, "yaw"),
                real(row, "pitch"),
                real(row, "roll"),
                Halves.sent(row.getBytes("halves")));
    }

    private static float real(ResultSet row, String column) throws SQLException {
        float value = row.getFloat(column);
        return row.wasNull() ? Float.NaN : value;
    }

    private static int integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? TemplateRow.UNKNOWN : value;
    }

    private final class Batches {
        private final Connection writing;
        private final long all;
        private long sealed;
        private long told = System.nanoTime();

        Batches(Connection writing, long all) {
            this.writing = writing;
            this.all = all;
        }

        void flush(List<Plain> open) throws SQLException {
            Map<UUID, Seal> seals =
                    database.keys().ensure(open.stream().map(Plain::id).toList());
            SealedRows rows = new SealedRows(writing);
            for (Plain plain : open) {
                rows.put(plain.entry(), plain.rows(), plain.pictures(), Objects.requireNonNull(seals.get(plain.id())));
            }
            writing.commit();
            sealed += open.size();
            open.clear();
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                log.info("{} of {} templates are sealed", sealed, all);
            }
        }
    }
}
