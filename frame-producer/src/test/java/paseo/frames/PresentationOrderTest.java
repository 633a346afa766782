package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresentationOrderTest {
    private final List<Long> asked = new ArrayList<>();
    private final PresentationOrder<String> order = new PresentationOrder<>(timestamp -> {
        asked.add(timestamp);
        return new PresentationOrder.Moment(timestamp * 1000, timestamp % 2 == 0);
    });

    @Test
    void packetsInTheOrderOfShowingAreNumberedAtOnce() {
        assertThat(add("a", 0, 0)).containsExactly("a 0 settled 0");
        assertThat(add("b", 1, 1)).containsExactly("b 1 settled 1");
        assertThat(order.end()).isEmpty();
    }

    @Test
    void packetsThatAreShownLaterWaitForThoseBetween() {
        assertThat(add("I", 2, 0)).isEmpty();
        assertThat(add("P", 5, 1)).isEmpty();
        assertThat(add("b", 3, 2)).containsExactly("I 0 settled 0");
        assertThat(add("B", 4, 3)).isEmpty();
        assertThat(add("Q", 8, 4)).isEmpty();
        assertThat(add("c", 6, 5)).containsExactly("P 3 settled 0", "b 1 settled 1", "B 2 settled 3");
        assertThat(show(order.end())).containsExactly("Q 5 settled 3", "c 4 settled 5");
        assertThat(asked).containsExactly(2L, 3L, 4L, 5L, 6L, 8L);
    }

    @Test
    void whatIsNotShownHasNoNumber() {
        assertThat(show(order.add("hidden", -1, 0, false))).containsExactly("hidden -1 settled -1");
        assertThat(add("a", 1, 1)).containsExactly("a 0 settled 0");
    }

    @Test
    void whereTimeBeginsAnewNothingWaitsForIt() {
        assertThat(add("a", 101, 100)).isEmpty();
        assertThat(add("b", 0, 0)).containsExactly("a 0 settled 0", "b 1 settled 1");
    }

    @Test
    void nothingWaitsLongForAnAbsurdTimeStamp() {
        List<String> placed = new ArrayList<>(add("absurd", Long.MAX_VALUE / 2000, 0));
        for (int i = 1; i < 100; i++) {
            placed.addAll(add("p", i, i));
        }
        assertThat(placed).hasSize(100).startsWith("absurd 64 settled -1", "p 0 settled 0", "p 1 settled 1");
        assertThat(placed.get(64)).isEqualTo("p 63 settled 64");
        assertThat(placed.get(99)).isEqualTo("p 99 settled 99");
        assertThat(order.end()).isEmpty();
    }

    @Test
    void whereDecodingTimesSayNothingTheOrderIsKept() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 100; i += 2) {
            placed.addAll(add("P", 10_000 + i + 1, i));
            placed.addAll(add("b", 10_000 + i, i + 1));
        }
        assertThat(placed).hasSizeGreaterThan(80).startsWith("P 1 settled -1", "b 0 settled 1", "P 3 settled 1");
        assertThat(asked).isSorted();
    }

    private List<String> add(String packet, long shown, long decoded) {
        return show(order.add(packet, shown, decoded, true));
    }

    private static List<String> show(List<PresentationOrder.Placed<String>> placed) {
        return placed.stream()
                .map(one -> one.packet() + " " + one.number() + " settled " + one.settled())
                .toList();
    }
}
