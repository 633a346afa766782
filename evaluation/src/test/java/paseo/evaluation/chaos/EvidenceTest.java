package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final Evidence UNDISTURBED =
            evidence(List.of("0", "1"), Set.of(Set.of("a"), Set.of("b", "c")), Map.of("a", 1, "b", 1, "c", 1));

    @Test
    void equalRemainsAreFineWhoeverHasWhichNumber() {
        Evidence same =
                evidence(List.of("0", "1"), Set.of(Set.of("c", "b"), Set.of("a")), Map.of("a", 1, "b", 1, "c", 1));
        assertThat(same.violations(UNDISTURBED)).isEmpty();
    }

    @Test
    void aLostAndAnExtraRowAreShown() {
        Evidence other = evidence(List.of("0", "7"), UNDISTURBED.people(), UNDISTURBED.closings());
        assertThat(other.violations(UNDISTURBED))
                .singleElement()
                .asString()
                .startsWith("I1")
                .contains("lost 1 like [1]", "not expected 1 like [7]");
    }

    @Test
    void aDoubledRowIsAViolation() {
        Evidence other = evidence(List.of("0", "1", "1"), UNDISTURBED.people(), UNDISTURBED.closings());
        assertThat(other.violations(UNDISTURBED)).singleElement().asString().contains("3 rows for 2");
    }

    @Test
    void otherPeopleAreAViolation() {
        Evidence other = evidence(List.of("0", "1"), Set.of(Set.of("a", "b"), Set.of("c")), UNDISTURBED.closings());
        assertThat(other.violations(UNDISTURBED)).singleElement().asString().startsWith("I1: people");
    }

    @Test
    void aSequenceIsClosedAndDecidedOnce() {
        Evidence other = new Evidence(
                UNDISTURBED.rows(),
                UNDISTURBED.people(),
                Map.of("a", Set.of("NEW 1", "NEW 2"), "b", Set.of("NEW 2")),
                Map.of("a", 1, "b", 2, "c", 1),
                List.of("I11: seen"));
        assertThat(other.violations(UNDISTURBED))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("I11"))
                .anyMatch(line -> line.startsWith("I4: sequence a has 2"))
                .anyMatch(line -> line.startsWith("I4: sequence c has 0"))
                .anyMatch(line -> line.startsWith("I4: sequence b is closed 2"));
    }

    private static Evidence evidence(
            List<String> frames, Set<? extends Set<String>> people, Map<String, Integer> closings) {
        Set<SortedSet<String>> sorted = new HashSet<>();
        people.forEach(person -> sorted.add(new TreeSet<>(person)));
        Map<String, Set<String>> finals = new TreeMap<>();
        closings.keySet().forEach(sequence -> finals.put(sequence, Set.of("NEW 1")));
        return new Evidence(new TreeMap<>(Map.of("frames", frames)), sorted, finals, closings, List.of());
    }
}
