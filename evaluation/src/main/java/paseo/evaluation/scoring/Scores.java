package paseo.evaluation.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores by name, in the order they were put, for machines.
 *
 * <p>As JSON a score {@code fpir} is a number with its interval beside it, {@code "fpir_ci": [low, high]}; without
 * enough data it is null with the reason beside it, {@code "fpir_note": "…"}. A score of several methods is an object,
 * and so is what stands beside it: {@code "fnir_at_fpir_1": {"ours": 0.02}, "fnir_at_fpir_1_ci": {"ours": [0.01,
 * 0.03]}}.
 */
public final class Scores {
    private static final MathContext DIGITS = new MathContext(6);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<String, Map<String, Estimate>> scores = new LinkedHashMap<>();

    /** The key within {@link #scores} of a score that has one value. */
    private static final String SINGLE = "";

    /** States something that is no score: what was measured on, with which settings. */
    public Scores state(String key, Object fact) {
        facts.put(key, fact);
        return this;
    }

    /** Adds a score. */
    public Scores put(String key, Estimate estimate) {
        scores.put(key, Map.of(SINGLE, estimate));
        return this;
    }

    /** Adds a score of several methods. */
    public Scores put(String key, Map<String, Estimate> byMethod) {
        scores.put(key, new LinkedHashMap<>(byMethod));
        return this;
    }

    /** The score at a path: {@code fpir} or {@code fnir_at_fpir_1.ours}. */
    public Optional<Estimate> find(String path) {
        return Optional.ofNullable(paths().get(path));
    }

    /** What can be asked for. */
    public Set<String> keys() {
        return paths().keySet();
    }

    private Map<String, Estimate> paths() {
        Map<String, Estimate> paths = new LinkedHashMap<>();
        scores.forEach((key, values) ->
                values.forEach((method, value) -> paths.put(method.equals(SINGLE) ? key : key + "." + method, value)));
        return paths;
    }

    /** All of it as indented JSON with six significant digits, ended by a new line. */
    public String json() {
        ObjectNode root = MAPPER.createObjectNode();
        facts.forEach((key, fact) -> root.set(key, MAPPER.valueToTree(fact)));
        scores.forEach((key, values) -> {
            @Nullable Estimate single = values.get(SINGLE);
            if (single != null) {
                write(root, root, root, key, key + "_ci", key + "_note", single);
                return;
            }
            ObjectNode value = root.putObject(key);
            ObjectNode intervals = MAPPER.createObjectNode();
            ObjectNode notes = MAPPER.createObjectNode();
            values.forEach((method, estimate) -> write(value, intervals, notes, method, method, method, estimate));
            root.set(key + "_ci", intervals);
            if (!notes.isEmpty()) {
                root.set(key + "_note", notes);
            }
        });
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a fact can't be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void write(
            ObjectNode values,
            ObjectNode intervals,
            ObjectNode notes,
            String valueKey,
            String intervalKey,
            String noteKey,
            Estimate estimate) {
        if (estimate instanceof Estimate.Known known) {
            values.put(valueKey, rounded(known.value()));
            ArrayNode interval = intervals.putArray(intervalKey);
            interval.add(rounded(known.low())).add(rounded(known.high()));
        } else if (estimate instanceof Estimate.Unknown unknown) {
            values.putNull(valueKey);
            intervals.putNull(intervalKey);
            notes.put(noteKey, unknown.why());
        }
    }

    private static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
