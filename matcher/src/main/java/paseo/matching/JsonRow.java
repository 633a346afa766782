package paseo.matching;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of a query as a JSON object: the statement names its members. A column {@code key} is where the row stands in
 * the list, and stays inside.
 */
final class JsonRow {
    private static final String KEY = "key";

    private JsonRow() {}

    /** A row and its place in the list. */
    private record Keyed(long key, Map<String, @Nullable Object> row) {}

    /** What the rows of a query have. */
    static List<Column> columns(ResultSetMetaData metadata) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            columns.add(new Column(metadata.getColumnLabel(i), type(metadata.getColumnType(i))));
        }
        return columns;
    }

    private static Column.Type type(int sqlType) {
        return switch (sqlType) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Column.Type.INTEGER;
            case Types.REAL, Types.DOUBLE -> Column.Type.NUMBER;
            case Types.BIT, Types.BOOLEAN -> Column.Type.BOOLEAN;
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> Column.Type.TIME;
            default -> Column.Type.TEXT;
        };
    }

    /** The columns of the current row in their order. */
    static Map<String, @Nullable Object> of(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            if (!columns.getColumnLabel(i).equals(KEY)) {
                object.put(columns.getColumnLabel(i), json(row.getObject(i)));
            }
        }
        return object;
    }

    /**
     * Makes a page of rows that were asked for with one more than it takes.
     *
     * @param keys places of the rows in the list
     */
    static Page page(List<Long> keys, List<Map<String, @Nullable Object>> rows, int most) {
        return rows.size() <= most
                ? new Page(rows, OptionalLong.empty())
                : new Page(rows.subList(0, most), OptionalLong.of(keys.get(most - 1)));
    }

    /** Runs a query with a column {@code key}, which gives one row more than a page takes where there are more. */
    static Page page(Database database, String sql, int most, @Nullable Object... parameters) {
        return database.asked("read from the database", connection -> {
            List<Keyed> found = Sql.query(connection, sql, row -> new Keyed(row.getLong(KEY), of(row)), parameters);
            return page(
                    found.stream().map(Keyed::key).toList(),
                    found.stream().map(Keyed::row).toList(),
                    most);
        });
    }

    private static @Nullable Object json(@Nullable Object value) throws SQLException {
        if (value instanceof Timestamp time) {
            return time.toInstant().toString();
        }
        if (value instanceof UUID id) {
            return id.toString();
        }
        if (value instanceof Array array) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : Arrays.asList((Object[]) array.getArray())) {
                elements.add(json(element));
            }
            return elements;
        }
        if (value instanceof Float single) {
            // As it was written: 0.1f is 0.1, not 0.10000000149.
            return Double.valueOf(single.toString());
        }
        return value;
    }
}
