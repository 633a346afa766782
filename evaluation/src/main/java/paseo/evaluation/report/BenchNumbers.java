package paseo.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a benchmark has measured, for machines: a number {@code matcher.growth_1m} is {@code growth_1m} within the
 * object {@code matcher}, with the smallest and largest of its rounds beside it as {@code growth_1m_range}.
 */
public final class BenchNumbers {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String RANGE = "_range";

    private final ObjectNode root = MAPPER.createObjectNode();

    /**
     * A number.
     *
     * @param low smallest of its rounds, NaN when it has no spread
     * @param high largest
     */
    public record Entry(String path, double value, double low, double high) {}

    /** States something that is no number: the machine, the versions. */
    public BenchNumbers state(String path, String fact) {
        parent(path).put(name(path), fact);
        return this;
    }

    /** Puts a number. */
    public BenchNumbers put(String path, double value) {
        parent(path).put(name(path), rounded(value));
        return this;
    }

    /** Puts a number and between what its rounds were. */
    public BenchNumbers put(String path, double value, double low, double high) {
        put(path, value);
        parent(path).putArray(name(path) + RANGE).add(rounded(low)).add(rounded(high));
        return this;
    }

    /** Puts the median of several rounds, and their range beside it. */
    public BenchNumbers put(String path, List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        return put(path, median(rounds), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** The middle one; of an even number the larger of both. */
    public static double median(List<Double> rounds) {
        return rounds.stream().sorted().toList().get(rounds.size() / 2);
    }

    /** A number that was put. */
    public Optional<Entry> find(String path) {
        return entries().stream().filter(entry -> entry.path().equals(path)).findFirst();
    }

    /** All numbers, in the order of objects and of what was put into them. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        collect("", root, entries);
        return entries;
    }

    private static void collect(String prefix, JsonNode object, List<Entry> entries) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String path = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                collect(path + ".", value, entries);
            } else if (value.isNumber()) {
                JsonNode range = object.path(field.getKey() + RANGE);
                entries.add(new Entry(
                        path,
                        value.asDouble(),
                        range.path(0).asDouble(Double.NaN),
                        range.path(1).asDouble(Double.NaN)));
            }
        }
    }

    /** What was stated, by path. */
    public List<Map.Entry<String, String>> facts() {
        List<Map.Entry<String, String>> facts = new ArrayList<>();
        collectFacts("", root, facts);
        return facts;
    }

    private static void collectFacts(String prefix, JsonNode object, List<Map.Entry<String, String>> facts) {
        object.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                collectFacts(prefix + field.getKey() + ".", field.getValue(), facts);
            } else if (field.getValue().isTextual()) {
                facts.add(Map.entry(prefix + field.getKey(), field.getValue().asText()));
            }
        });
    }

    /** All of it as indented JSON. */
    public String json() {
        return root.toPrettyString() + "\n";
    }

    /** Writes it to a file. */
    public void write(Path file) throws IOException {
        Files.writeString(file, json());
    }

    private ObjectNode parent(String path) {
        ObjectNode node = root;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            node = node.has(names[i]) ? (ObjectNode) node.get(names[i]) : node.putObject(names[i]);
        }
        return node;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static double rounded(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not a number that was measured: " + value);
        }
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
