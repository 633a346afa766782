package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void returnsStatusAndBothOutputs() throws Exception {
        Command.Ended ended =
                shell(LONG, "echo one; echo two >&2; echo; exit 3").run();
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.output()).isEqualTo("one\ntwo\n\n");
        assertThat(ended.complaint()).isEqualTo("two");
    }

    @Test
    void typesAndSetsTheEnvironment() throws Exception {
        Command command = shell(LONG, "read line; echo $line $COLOUR $LC_ALL");
        assertThat(command.with(Map.of("COLOUR", "blue"))
                        .typing("hello\n")
                        .run()
                        .output())
                .isEqualTo("hello blue C\n");
    }

    @Test
    void cutsOffWhatTakesTooLong() throws Exception {
        Command.Ended ended = shell(Duration.ofMillis(200), "sleep 60").run();
        assertThat(ended.succeeded()).isFalse();
        assertThat(ended.status()).isEqualTo(Command.Ended.TIMED_OUT);
    }

    @Test
    void doesNotHangOnOutputLargerThanAPipe() throws Exception {
        assertThat(shell(LONG, "head -c 300000 /dev/zero").run().output()).hasSize(300_000);
    }

    @Test
    void failsWithoutTheProgram() {
        assertThatThrownBy(() -> Command.of(directory, LONG, List.of("no-such-program-here"))
                        .run())
                .isInstanceOf(IOException.class);
        assertThat(Command.exists("no-such-program-here")).isFalse();
        assertThat(Command.exists("sh")).isTrue();
    }

    private Command shell(Duration limit, String script) {
        return Command.of(directory, limit, List.of("sh", "-c", script));
    }
}
