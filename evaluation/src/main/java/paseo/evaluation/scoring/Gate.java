package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition under which a build fails: {@code bcubed_f<0.95 || contamination>0.005}, over the keys of {@link Scores},
 * nested ones with a dot ({@code fnir_at_fpir_1.ours>0.1}). Comparisons are {@code <}, {@code <=}, {@code >} and
 * {@code >=}; one that holds is enough.
 *
 * <p>A score without enough data fails its comparison: what can't be measured hasn't been passed.
 */
public final class Gate {
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*)\\s*(<=|>=|<|>)\\s*"
                    + "([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*");

    private record Comparison(String key, String operator, double limit) {
        boolean holds(double value) {
            return switch (operator) {
                case "<" -> value < limit;
                case "<=" -> value <= limit;
                case ">" -> value > limit;
                default -> value >= limit;
            };
        }

        String text() {
            return key + operator + number(limit);
        }
    }

    /** How bad one comparison is. */
    public enum Verdict {
        PASSED,
        FAILED,
        /** Not enough data: counts as failed. */
        UNKNOWN
    }

    /**
     * One comparison, checked.
     *
     * @param condition as it was asked for, such as {@code bcubed_f<0.95}
     * @param key of the score
     * @param explanation the score's value and interval, or why there is none
     */
    public record Check(String condition, String key, Verdict verdict, String explanation) {
        /** One line for a terminal. */
        public String line() {
            return switch (verdict) {
                case PASSED -> "passed: not " + condition + " (" + explanation + ")";
                case FAILED -> "FAILED: " + condition + " (" + explanation + ")";
                case UNKNOWN -> "FAILED: " + condition + " can't be told (" + explanation + ")";
            };
        }
    }

    private final List<Comparison> comparisons;

    private Gate(List<Comparison> comparisons) {
        this.comparisons = comparisons;
    }

    /**
     * Reads a condition.
     *
     * @throws IllegalArgumentException with the part that can't be read
     */
    public static Gate parse(String condition) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String part : condition.split("\\|\\|", -1)) {
            Matcher matcher = COMPARISON.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("cannot read '" + part.strip()
                        + "': a condition is KEY<NUMBER, <=, > or >=, several joined by ||, for example"
                        + " 'bcubed_f<0.95 || contamination>0.005'");
            }
            comparisons.add(new Comparison(matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3))));
        }
        return new Gate(comparisons);
    }

    /**
     * Refuses keys that no score will have; to be called before anything is measured.
     *
     * @throws IllegalArgumentException with the nearest key that exists
     */
    public void requireKnown(Collection<String> keys) {
        for (Comparison comparison : comparisons) {
            if (!keys.contains(comparison.key())) {
                throw new IllegalArgumentException(
                        "there is no score '" + comparison.key() + "'" + suggestion(comparison.key(), keys));
            }
        }
    }

    /** Checks every comparison, in order. */
    public List<Check> check(Scores scores) {
        requireKnown(scores.keys());
        return comparisons.stream()
                .map(comparison ->
                        check(comparison, scores.find(comparison.key()).orElseThrow()))
                .toList();
    }

    /** Whether the condition holds, and the build fails. */
    public static boolean failed(List<Check> checks) {
        return checks.stream().anyMatch(check -> check.verdict() != Verdict.PASSED);
    }

    private static Check check(Comparison comparison, Estimate estimate) {
        if (estimate instanceof Estimate.Known known) {
            Verdict verdict = comparison.holds(known.value()) ? Verdict.FAILED : Verdict.PASSED;
            String explanation =
                    number(known.value()) + ", 95 % interval " + number(known.low()) + " to " + number(known.high());
            return new Check(comparison.text(), comparison.key(), verdict, explanation);
        }
        String why = estimate instanceof Estimate.Unknown unknown ? unknown.why() : "";
        return new Check(comparison.text(), comparison.key(), Verdict.UNKNOWN, why);
    }

    private static String suggestion(String key, Collection<String> keys) {
        Optional<String> nearest = keys.stream()
                .filter(known -> known.startsWith(key + ".") || distance(key, known) <= Math.max(2, key.length() / 3))
                .min(Comparator.comparingInt(known -> known.startsWith(key + ".") ? 0 : distance(key, known)));
        return nearest.map(known -> "; did you mean '" + known + "'?").orElse("; there are " + String.join(", ", keys));
    }

    /** Levenshtein's: insertions, deletions and replacements. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], before[j]));
            }
            before = row;
        }
        return before[b.length()];
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
    }
}
