package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import paseo.events.Embedding;

/**
 * Measures the {@link PackAgreement} of a gallery that is to move, within one transaction. Choices are by hash, so the
 * same again.
 */
final class AgreementRows {
    /** A share of .95 is then known to 1.1 points (one standard error). */
    private static final int MOST_PROBES = 400;

    private static final int MOST_PAIRS = 1_000;

    private final Connection connection;
    private final short from;
    private final short to;

    AgreementRows(Connection connection, short from, short to) {
        this.connection = connection;
        this.from = from;
        this.to = to;
    }

    /** @param thresholds of the new pack */
    PackAgreement measure(Thresholds thresholds) throws SQLException {
        List<Long> probes = probes();
        NearestOther after = nearest(to, probes);
        NearestOther before = nearest(from, probes);
        double accept = thresholds.at(persons()).accept();
        List<Double> pairs = pairs();
        int apart =
                (int) pairs.stream().filter(similarity -> similarity < accept).count();
        return new PackAgreement(probes.size(), after.kept(), before.kept(), pairs.size(), apart, accept);
    }

    /** Sequences of persons who have several that are ready to move. */
    private List<Long> probes() throws SQLException {
        return Sql.query(connection, """
                SELECT no FROM (
                    SELECT s.no, count(*) OVER (PARTITION BY s.person) AS sequences
                    FROM sequence s JOIN template n ON n.pack_id = ? AND n.sequence_no = s.no AND n.ordinal = 0
                    WHERE s.pack_id = ? AND s.person IS NOT NULL) AS ready
                WHERE sequences > 1 ORDER BY hashint8(no), no LIMIT ?
                """, row -> row.getLong(1), to, from, MOST_PROBES);
    }

    private NearestOther nearest(short pack, List<Long> probes) throws SQLException {
        NearestOther nearest = new NearestOther();
        stream(pack, " AND s.no = ANY (?)", nearest::probe, (Object) probes.toArray(Long[]::new));
        stream(pack, "", nearest::compare);
        return nearest;
    }

    /** The centres of all sequences that are ready to move and somebody's. */
    private void stream(short pack, String condition, Consumer<NearestOther.Centre> consumer, Object... parameters)
            throws SQLException {
        Object[] all = new Object[parameters.length + 3];
        all[0] = pack;
        all[1] = to;
        all[2] = from;
        System.arraycopy(parameters, 0, all, 3, parameters.length);
        Sql.stream(
                connection,
                """
                SELECT s.no, s.person, vector_send(t.embedding::vector)
                FROM sequence s
                JOIN template t ON t.pack_id = ? AND t.sequence_no = s.no AND t.ordinal = 0
                JOIN template n ON n.pack_id = ? AND n.sequence_no = s.no AND n.ordinal = 0
                WHERE s.pack_id = ? AND s.person IS NOT NULL
                """ + condition,
                row -> new NearestOther.Centre(
                        row.getLong(1), row.getLong(2), Embedding.normalised(Vectors.parse(row.getBytes(3)))),
                consumer,
                all);
    }

    /** How many persons are going to move. */
    private long persons() throws SQLException {
        return new Gallery(connection, from).size() + new Gallery(connection, to).size();
    }

    /** How similar those are by the new pack's templates who shared a frame; of few faces nothing is concluded. */
    private List<Double> pairs() throws SQLException {
        record Parts(double centre, OptionalDouble prototype) {}
        return Sql.query(
                        connection,
                        """
                        WITH pair AS MATERIALIZED (
                            SELECT DISTINCT least(a.no, b.no) AS one, greatest(a.no, b.no) AS other
                            FROM sequence_conflict c
                            JOIN sequence a ON a.id = c.sequence
                            JOIN sequence b ON b.id = c.other
                            WHERE a.pack_id = ? AND b.pack_id = ? AND a.usable >= ? AND b.usable >= ?
                        ), chosen AS MATERIALIZED (
                            SELECT * FROM pair
                            WHERE EXISTS (SELECT FROM template n WHERE n.pack_id = ? AND n.sequence_no = one)
                                AND EXISTS (SELECT FROM template n WHERE n.pack_id = ? AND n.sequence_no = other)
                            ORDER BY hashint8(one), hashint8(other), one, other LIMIT ?
                        )
                        SELECT max(-(t.embedding <#> u.embedding)) FILTER (WHERE t.ordinal = 0 AND u.ordinal = 0)
                                AS centre,
                            max(-(t.embedding <#> u.embedding)) FILTER (WHERE t.ordinal > 0 AND u.ordinal > 0)
                                AS prototype
                        FROM chosen
                        JOIN template t ON t.pack_id = ? AND t.sequence_no = one AND NOT t.dropped
                        JOIN template u ON u.pack_id = ? AND u.sequence_no = other AND NOT u.dropped
                        GROUP BY one, other
                        """,
                        row -> new Parts(row.getDouble("centre"), Sql.optionalDouble(row, "prototype")),
                        from,
                        from,
                        MatchPolicy.FACES_TO_RELY_ON,
                        MatchPolicy.FACES_TO_RELY_ON,
                        to,
                        to,
                        MOST_PAIRS,
                        to,
                        to)
                .stream()
                .map(parts -> Similarity.of(parts.centre(), parts.prototype()))
                .toList();
    }
}
