package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private final Keys keys;
    private final short from;
    private final short to;

    /** @param keys of what is sealed */
    ReembeddingRows(Connection connection, Keys keys, short from, short to) {
        this.connection = connection;
        this.keys = keys;
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

    private record Row(long sequence, int ordinal, Function<ByteBuffer, StoredFaces.Shot> shot) {
        static Row of(ResultSet row) throws SQLException {
            int ordinal = row.getInt("ordinal");
            long frame = row.getLong("frame");
            int faceIndex = row.getInt("face_index");
            long capture = row.getLong("capture_us");
            float quality = row.getFloat("quality");
            Pose pose = new Pose(row.getFloat("yaw"), row.getFloat("pitch"), row.getFloat("roll"));
            String aligned = row.getString("aligned_by");
            return new Row(
                    row.getLong("no"),
                    ordinal,
                    jpeg -> new StoredFaces.Shot(ordinal, frame, faceIndex, capture, quality, pose, aligned, jpeg));
        }
    }

    /** The pictures of the next sequences behind one that wait, by number. */
    List<StoredFaces> next(long after, int most) throws SQLException {
        List<Row> rows = Sql.query(connection, """
                SELECT s.no, coalesce(t.ordinal, 0) AS ordinal, t.frame, t.face_index, t.capture_us, t.quality, t.yaw,
                    t.pitch, t.roll, p.name AS aligned_by
                FROM (SELECT s.no FROM sequence s WHERE s.no > ? AND %s ORDER BY s.no LIMIT ?) AS s
                LEFT JOIN template t ON t.pack_id = ? AND t.sequence_no = s.no AND t.ordinal > 0
                LEFT JOIN model_pack p ON p.id = coalesce(t.made_from, t.pack_id)
                ORDER BY s.no, t.ordinal
                """.formatted(WAITING), Row::of, after, from, from, to, most, from);
        Map<Long, SortedMap<Integer, ByteBuffer>> pictures = new SealedRows(connection)
                .pictures(keys, rows.stream().map(Row::sequence).toList());
        Map<Long, List<StoredFaces.Shot>> shots = new LinkedHashMap<>();
        for (Row row : rows) {
            List<StoredFaces.Shot> of = shots.computeIfAbsent(row.sequence(), no -> new ArrayList<>());
            ByteBuffer jpeg = pictures.getOrDefault(row.sequence(), Collections.emptySortedMap())
                    .get(row.ordinal());
            if (jpeg != null) {
                of.add(row.shot().apply(jpeg));
            }
        }
        return shots.entrySet().stream()
                .map(sequence -> new StoredFaces(sequence.getKey(), sequence.getValue()))
                .toList();
    }

    /** Keeps templates, but of sequences that were forgotten or moved meanwhile; gives how many were kept. */
    int write(List<RemadeTemplate> remade) throws SQLException {
        Long[] sequences = remade.stream().map(one -> one.faces().sequence()).toArray(Long[]::new);
        Map<Long, Waiting> there = Sql.query(
                        connection,
                        """
                        SELECT s.no, s.id, o.made_from FROM sequence s
                        JOIN sealed_template o ON o.sequence_no = s.no AND o.pack_id = s.pack_id
                        WHERE s.no = ANY (?) AND s.pack_id = ? ORDER BY s.no FOR KEY SHARE OF s
                        """,
                        row -> new Waiting(
                                row.getLong(1),
                                row.getObject(2, UUID.class),
                                row.getObject(3) == null ? from : row.getShort(3)),
                        sequences,
                        from)
                .stream()
                .collect(Collectors.toMap(Waiting::no, waiting -> waiting));
        Map<UUID, Seal> seals =
                keys.ensure(there.values().stream().map(Waiting::id).toList());
        int written = 0;
        for (RemadeTemplate one : remade) {
            Waiting waiting = there.get(one.faces().sequence());
            if (waiting != null) {
                new PackRows(connection).checkDimension(to, one.template());
                new GalleryPartitions(connection, to).ensure(waiting.no());
                written += write(waiting, one, Objects.requireNonNull(seals.get(waiting.id())));
            }
        }
        return written;
    }

    /** @param alignedBy the pack as whose embedder wants them its pictures are aligned */
    private record Waiting(long no, UUID id, short alignedBy) {}

    /** Beside another command that does the same the first one counts. */
    private int write(Waiting waiting, RemadeTemplate remade, Seal seal) throws SQLException {
        Template template = remade.template();
        List<TemplateRow> rows = new ArrayList<>();
        rows.add(TemplateRow.centre(
                (float) template.weight(),
                (float) template.concentration(),
                template.faceCount(),
                Halves.of(template.centre())));
        SortedMap<Integer, ByteBuffer> pictures = new TreeMap<>();
        Map<Integer, StoredFaces.Shot> shots = new HashMap<>();
        remade.faces().shots().forEach(shot -> shots.put(shot.ordinal(), shot));
        int dropped = 0;
        for (RemadeTemplate.Row row : remade.rows()) {
            StoredFaces.Shot shot = Objects.requireNonNull(shots.get(row.ordinal()));
            rows.add(TemplateRow.prototype(
                    row.ordinal(),
                    Math.toIntExact(shot.frame()),
                    shot.faceIndex(),
                    shot.captureTimeMicros(),
                    shot.quality(),
                    shot.pose().yaw(),
                    shot.pose().pitch(),
                    shot.pose().roll(),
                    Halves.of(row.vector())));
            pictures.put(row.ordinal(), shot.jpeg());
            dropped |= row.dropped() ? 1 << row.ordinal() : 0;
        }
        SealedRows.Entry entry = new SealedRows.Entry(to, waiting.no(), waiting.id(), waiting.alignedBy(), dropped);
        if (new VectorRows(connection).insert(entry, OptionalLong.empty(), rows) == 0) {
            return 0;
        }
        new SealedRows(connection).put(entry, rows, pictures, seal);
        return 1;
    }

    /** Removes what is beside the templates in use; gives of how many sequences. */
    static int discard(Connection connection, short pack) throws SQLException {
        Sql.update(connection, """
                DELETE FROM sealed_template t USING sequence s
                WHERE t.pack_id = ? AND s.no = t.sequence_no AND s.pack_id <> t.pack_id
                """, pack);
        return Sql.one(connection, """
                WITH gone AS (
                    DELETE FROM template t USING sequence s
                    WHERE t.pack_id = ? AND s.no = t.sequence_no AND s.pack_id <> t.pack_id
                    RETURNING t.ordinal)
                SELECT count(*)::integer FROM gone WHERE ordinal = 0
                """, row -> row.getInt(1), pack);
    }
}
