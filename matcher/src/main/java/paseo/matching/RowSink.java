package paseo.matching;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a table as it is read. */
public interface RowSink {
    /** What each row has, in this order; told once, before the first row, also when there is none. */
    void columns(List<Column> columns);

    /** One row: the values of the columns by name. */
    void row(Map<String, @Nullable Object> row);
}
