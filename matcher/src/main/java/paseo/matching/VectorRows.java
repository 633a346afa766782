package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Adds to the table {@code template}, within one transaction. */
final class VectorRows {
    private final Connection connection;

    VectorRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * Adds the rows of a sequence in one statement; gives how many are added, for a sequence that has rows gets none.
     *
     * @param person whose it is, empty to keep it out of searches
     */
    int insert(SealedRows.Entry entry, OptionalLong person, List<TemplateRow> rows) throws SQLException {
        return Sql.update(
                connection,
                """
                INSERT INTO template (pack_id, sequence_no, made_from, ordinal, dropped, person, embedding, weight,
                    concentration, face_count, frame, face_index, capture_us, quality, yaw, pitch, roll)
                SELECT ?, ?, ?, r.ordinal, d.dropped, CASE WHEN d.dropped THEN NULL ELSE ?::bigint END,
                    r.embedding::halfvec, r.weight, r.concentration, r.face_count, r.frame, r.face_index, r.capture_us,
                    r.quality, r.yaw, r.pitch, r.roll
                FROM unnest(?::smallint[], ?::text[], ?::real[], ?::real[], ?::integer[], ?::integer[], ?::smallint[],
                        ?::bigint[], ?::real[], ?::real[], ?::real[], ?::real[])
                    AS r (ordinal, embedding, weight, concentration, face_count, frame, face_index, capture_us, quality,
                        yaw, pitch, roll)
                CROSS JOIN LATERAL (SELECT (? >> r.ordinal) & 1 = 1 AS dropped) AS d
                ON CONFLICT DO NOTHING
                """,
                entry.pack(),
                entry.no(),
                entry.madeFrom(),
                person,
                integers(rows, TemplateRow::ordinal),
                rows.stream().map(row -> row.vector().text()).toArray(String[]::new),
                reals(rows, TemplateRow::weight),
                reals(rows, TemplateRow::concentration),
                integers(rows, TemplateRow::faceCount),
                integers(rows, TemplateRow::frame),
                integers(rows, TemplateRow::faceIndex),
                longs(rows, TemplateRow::captureMicros),
                reals(rows, TemplateRow::quality),
                reals(rows, TemplateRow::yaw),
                reals(rows, TemplateRow::pitch),
                reals(rows, TemplateRow::roll),
                entry.dropped());
    }

    private static @Nullable Integer[] integers(List<TemplateRow> rows, Function<TemplateRow, Integer> value) {
        return rows.stream()
                .map(value)
                .map(known -> known == TemplateRow.UNKNOWN ? null : known)
                .toArray(Integer[]::new);
    }

    private static @Nullable Long[] longs(List<TemplateRow> rows, Function<TemplateRow, Long> value) {
        return rows.stream()
                .map(value)
                .map(known -> known == TemplateRow.UNKNOWN_TIME ? null : known)
                .toArray(Long[]::new);
    }

    private static @Nullable Float[] reals(List<TemplateRow> rows, Function<TemplateRow, Float> value) {
        return rows.stream()
                .map(value)
                .map(known -> known.isNaN() ? null : known)
                .toArray(Float[]::new);
    }
}
