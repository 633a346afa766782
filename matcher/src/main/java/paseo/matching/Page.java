package paseo.matching;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param rows each a JSON object: numbers, texts, booleans, lists of these, or null
 * @param next where the next part begins, empty behind the last one
 */
public record Page(List<Map<String, @Nullable Object>> rows, OptionalLong next) {
    public Page {
        rows = List.copyOf(rows);
    }
}
