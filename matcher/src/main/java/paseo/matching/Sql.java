package paseo.matching;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plain JDBC with less ceremony: the statement stays in view, parameters are bound in order. Arrays become PostgreSQL
 * arrays, enums their names (cast them in the statement), empty optionals null.
 */
final class Sql {
    private static final int FETCH = 1_000;

    private Sql() {}

    /** Makes something of the current row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs a statement; how many rows it touched. */
    static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /** All rows of a query. */
    static <T> List<T> query(Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(row.read(rows));
                }
                return read;
            }
        }
    }

    /** Hands each row of a query on without holding them all: needs a transaction. */
    static <T> void stream(
            Connection connection, String sql, Row<T> row, Consumer<T> consumer, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    consumer.accept(row.read(rows));
                }
            }
        }
    }

    /** The first row of a query. */
    static <T> Optional<T> first(Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
            throws SQLException {
        return query(connection, sql, row, parameters).stream().findFirst();
    }

    /** The one row that a query always has. */
    static <T> T one(Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
            throws SQLException {
        return first(connection, sql, row, parameters)
                .orElseThrow(() -> new SQLException("a query that always gives a row gave none: " + sql));
    }

    /** A column that may be null. */
    static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A column that may be null. */
    static OptionalDouble optionalDouble(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** A column of microseconds that may be null, in seconds. */
    static OptionalDouble seconds(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(micros / 1e6);
    }

    /** A column of an enum's names. */
    static <E extends Enum<E>> E constant(ResultSet row, String column, Class<E> type) throws SQLException {
        return Enum.valueOf(type, row.getString(column));
    }

    static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int place, @Nullable Object value) throws SQLException {
        if (value instanceof Enum<?> constant) {
            statement.setString(place, constant.name());
        } else if (value instanceof OptionalLong optional) {
            statement.setObject(place, optional.isPresent() ? optional.getAsLong() : null);
        } else if (value instanceof OptionalDouble optional) {
            statement.setObject(place, optional.isPresent() ? optional.getAsDouble() : null);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(place, bytes);
        } else if (value != null && value.getClass().isArray()) {
            statement.setArray(place, statement.getConnection().createArrayOf(elementType(value), elements(value)));
        } else {
            statement.setObject(place, value);
        }
    }

    private static Object[] elements(Object array) {
        if (array instanceof Object[] elements) {
            return elements;
        }
        Object[] boxed = new Object[java.lang.reflect.Array.getLength(array)];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = java.lang.reflect.Array.get(array, i);
        }
        return boxed;
    }

    private static String elementType(Object array) {
        Class<?> element = array.getClass().getComponentType();
        if (element == long.class || element == Long.class) {
            return "bigint";
        }
        if (element == int.class || element == Integer.class) {
            return "integer";
        }
        if (element == float.class || element == Float.class) {
            return "real";
        }
        if (element == UUID.class) {
            return "uuid";
        }
        return "text";
    }
}
