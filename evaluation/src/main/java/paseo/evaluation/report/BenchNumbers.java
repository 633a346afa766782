package paseo.evaluation.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark has measured, for machines: a number {@code matcher.growth_1m} is {@code growth_1m} within the
 * object {@code matcher}, with the smallest and largest of its rounds beside it as {@code growth_1m_range}.
 */
public final class BenchNumbers {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode root = MAPPER.createObjectNode();

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

    /** Puts the median of several rounds, and their range beside it. */
    public BenchNumbers put(String path, List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        put(path, sorted.get(sorted.size() / 2));
        parent(path)
                .putArray(name(path) + "_range")
                .add(rounded(sorted.get(0)))
                .add(rounded(sorted.get(sorted.size() - 1)));
        return this;
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
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
