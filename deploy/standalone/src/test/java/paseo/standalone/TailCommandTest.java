package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TailCommandTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, false, StandardCharsets.UTF_8);

    @Test
    void printsWhatIsThereAndEnds() {
        Batches lines = new Batches(List.of(List.of("a", "b"), List.of(), List.of("c"), List.of()));
        assertThat(TailCommand.print(lines, false, () -> true, out)).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nc\n");
    }

    @Test
    void aWatchThatEndsWhenEverythingIsReadIsNoFault() {
        assertThat(TailCommand.print(new Batches(List.of(List.of("a"), List.of())), false, () -> false, out))
                .isTrue();
    }

    /** Kafka's client waits for a broker that is gone, and says nothing of it. */
    @Test
    void aWatchThatEndsIsToldWhetherMoreIsWaitedForOrNot() {
        for (boolean follow : List.of(true, false)) {
            Batches lines = new Batches(List.of(List.of("a"), List.of(), List.of()));
            lines.more = true;
            assertThatThrownBy(() -> TailCommand.print(lines, follow, () -> lines.left() > 1, out))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("has ended: start the command again");
        }
    }

    @Test
    void saysThatOutputWasNotTaken() {
        PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                true,
                StandardCharsets.UTF_8);
        assertThat(TailCommand.print(new Batches(List.of(List.of("a"))), true, () -> true, full))
                .isFalse();
    }

    /** Hands batches out; empty ones for ever after. */
    private static final class Batches implements TailCommand.Lines {
        private final Deque<List<String>> batches;
        private boolean more;

        Batches(List<List<String>> batches) {
            this.batches = new ArrayDeque<>(batches);
        }

        int left() {
            return batches.size();
        }

        @Override
        public List<String> next() {
            return batches.isEmpty() ? List.of() : batches.remove();
        }

        @Override
        public boolean atEnd() {
            return batches.isEmpty() && !more;
        }
    }
}
