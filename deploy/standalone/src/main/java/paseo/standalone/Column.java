package paseo.standalone;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * One column of an exported table: its name, and a row's value as text. Numbers have a fixed format, so that the same
 * result is the same bytes.
 *
 * @param name in the header, and as JSON key
 * @param number whether the text is a number (unquoted in JSON)
 * @param value of a row; empty where the row has none
 */
record Column<R>(String name, boolean number, Function<R, Optional<String>> value) {
    static <R> Column<R> text(String name, Function<R, String> value) {
        return new Column<>(name, false, value.andThen(Optional::of));
    }

    static <R> Column<R> integer(String name, ToLongFunction<R> value) {
        return new Column<>(name, true, row -> Optional.of(Long.toString(value.applyAsLong(row))));
    }

    static <R> Column<R> decimal(String name, int digits, ToDoubleFunction<R> value) {
        return new Column<>(name, true, row -> Optional.of(decimal(value.applyAsDouble(row), digits)));
    }

    static <R> Column<R> optionalDecimal(String name, int digits, Function<R, OptionalDouble> value) {
        return new Column<>(name, true, row -> {
            OptionalDouble number = value.apply(row);
            return number.isPresent() ? Optional.of(decimal(number.getAsDouble(), digits)) : Optional.empty();
        });
    }

    /** A person's number; empty for nobody. */
    static <R> Column<R> person(String name, ToLongFunction<R> value) {
        return new Column<>(name, true, row -> {
            long person = value.applyAsLong(row);
            return person > 0 ? Optional.of(Long.toString(person)) : Optional.empty();
        });
    }

    /** Always that many digits after a dot, rounded half up, without a negative zero. */
    static String decimal(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
