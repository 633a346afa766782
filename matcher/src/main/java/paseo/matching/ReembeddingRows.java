package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import paseo.events.Pose;
import paseo.events.Template;

/**
 * Templates of one pack beside those in use of another, within one transaction: they belong to nobody, so no search
 * finds them, and to a sequence that is in the other gallery, so nothing shows them.
 */
final class ReembeddingRows {
    /** Decided, with a template in the gallery that it is in, and none in the other. */
    private static final String WAITING = """
            s.pack_id = ? AND s.decision IS NOT NULL
                AND EXISTS (SELECT FROM template o WHERE o.pack_id = ? AND o.sequence_no = s.no AND o.ordinal = 0)
                AND NOT EXISTS (SELECT FROM template n WHERE n.pack_id = ? AND n.sequence_no = s.no AND n.ordinal = 0)
            """;

    private final Connection connection;
    private final short from;
    private final short to;

    ReembeddingRows(Connection connection, short from, short to) {
        this.connection = connection;
        this.from = from;
        this.to = to;
    }

    /** Names of the packs, but for one, that decided sequences with a template are in; the earliest first. */
    static List<String> galleries(Connection connection, short but) throws SQLException {
        return Sql.query(connection, """
                SELECT p.name FROM model_pack p
                WHERE p.id <> ? AND EXISTS (
                    SELECT FROM template t JOIN sequence s ON s.no = t.sequence_no AND s.pack_id = t.pack_id
                    WHERE t.pack_id = p.id AND t.ordinal = 0 AND s.decision IS NOT NULL)
                ORDER BY p.id
                """, row -> row.getString(1), but);
    }

    /** How many sequences have no template of the new pack yet. */
    long waiting() throws SQLException {
        return Sql.one(
                connection, "SELECT count(*) FROM sequence s WHERE " + WAITING, row -> row.getLong(1), from, from, to);
    }

    /** How many have one. */
    long ready() throws SQLException {
        return Sql.one(connection, """
                SELECT count(*) FROM template n JOIN sequence s ON s.no = n.sequence_no
                WHERE n.pack_id = ? AND n.ordinal = 0 AND s.pack_id = ?
                """, row -> row.getLong(1), to, from);
    }

    private record Row(long sequence, StoredFaces.@Nullable Shot shot) {
        static Row of(ResultSet row) throws SQLException {
            byte[] crop = row.getBytes("crop");
            return new Row(
                    row.getLong("no"),
                    crop == null
                            ? null
                            : new StoredFaces.Shot(
                                    row.getInt("ordinal"),
                                    row.getLong("frame"),
                                    row.getInt("face_index"),
                                    row.getLong("capture_us"),
                                    row.getFloat("quality"),
                                    new Pose(row.getFloat("yaw"), row.getFloat("pitch"), row.getFloat("roll")),
                                    row.getString("aligned_by"),
                                    ByteBuffer.wrap(crop).asReadOnlyBuffer()));
        }
    }

    /** The pictures of the next sequences behind one that wait, by number. */
    List<StoredFaces> next(long after, int most) throws SQLException {
        List<Row> rows = Sql.query(connection, """
                SELECT s.no, t.ordinal, t.frame, t.face_index, t.capture_us, t.quality, t.yaw, t.pitch, t.roll, t.crop,
                    p.name AS aligned_by
                FROM (SELECT s.no FROM sequence s WHERE s.no > ? AND %s ORDER BY s.no LIMIT ?) AS s
                LEFT JOIN template t ON t.pack_id = ? AND t.sequence_no = s.no AND t.ordinal > 0
                LEFT JOIN model_pack p ON p.id = coalesce(t.made_from, t.pack_id)
                ORDER BY s.no, t.ordinal
                """.formatted(WAITING), Row::of, after, from, from, to, most, from);
        Map<Long, List<StoredFaces.Shot>> shots = new LinkedHashMap<>();
        for (Row row : rows) {
            List<StoredFaces.Shot> of = shots.computeIfAbsent(row.sequence(), no -> new ArrayList<>());
            if (row.shot() != null) {
                of.add(row.shot());
            }
        }
        return shots.entrySet().stream()
                .map(sequence -> new StoredFaces(sequence.getKey(), sequence.getValue()))
                .toList();
    }

    /** Keeps templates, but of sequences that were forgotten or moved meanwhile; gives how many were kept. */
    int write(List<RemadeTemplate> remade) throws SQLException {
        Long[] sequences = remade.stream().map(one -> one.faces().sequence()).toArray(Long[]::new);
        Set<Long> there = new HashSet<>(Sql.query(
                connection,
                "SELECT no FROM sequence WHERE no = ANY (?) AND pack_id = ? ORDER BY no FOR KEY SHARE",
                row -> row.getLong(1),
                sequences,
                from));
        int written = 0;
        for (RemadeTemplate one : remade) {
            if (there.contains(one.faces().sequence())) {
                new PackRows(connection).checkDimension(to, one.template());
                new GalleryPartitions(connection, to).ensure(one.faces().sequence());
                written += write(one);
            }
        }
        return written;
    }

    /** Beside another command that does the same the first one counts. */
    private int write(RemadeTemplate remade) throws SQLException {
        long sequence = remade.faces().sequence();
        Template template = remade.template();
        int written = Sql.update(
                connection,
                """
                INSERT INTO template (pack_id, sequence_no, ordinal, embedding, weight, concentration, face_count, made_from)
                SELECT ?, o.sequence_no, 0, ?::halfvec, ?, ?, ?, coalesce(o.made_from, o.pack_id)
                FROM template o WHERE o.pack_id = ? AND o.sequence_no = ? AND o.ordinal = 0
                ON CONFLICT DO NOTHING
                """,
                to,
                Vectors.text(template.centre()),
                template.weight(),
                template.concentration(),
                template.faceCount(),
                from,
                sequence);
        for (RemadeTemplate.Row row : written == 0 ? List.<RemadeTemplate.Row>of() : remade.rows()) {
            // The picture goes from row to row within the database.
            Sql.update(connection, """
                    INSERT INTO template (pack_id, sequence_no, ordinal, embedding, dropped, made_from,
                        frame, face_index, capture_us, quality, yaw, pitch, roll, crop)
                    SELECT ?, o.sequence_no, o.ordinal, ?::halfvec, ?, coalesce(o.made_from, o.pack_id),
                        o.frame, o.face_index, o.capture_us, o.quality, o.yaw, o.pitch, o.roll, o.crop
                    FROM template o WHERE o.pack_id = ? AND o.sequence_no = ? AND o.ordinal = ?
                    """, to, Vectors.text(row.vector()), row.dropped(), from, sequence, row.ordinal());
        }
        return written;
    }

    /** Removes what is beside the templates in use; gives of how many sequences. */
    static int discard(Connection connection, short pack) throws SQLException {
        return Sql.one(connection, """
                WITH gone AS (
                    DELETE FROM template t USING sequence s
                    WHERE t.pack_id = ? AND s.no = t.sequence_no AND s.pack_id <> t.pack_id
                    RETURNING t.ordinal)
                SELECT count(*)::integer FROM gone WHERE ordinal = 0
                """, row -> row.getInt(1), pack);
    }
}
