package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static final Progress HALF =
            new Progress(1, 0, Optional.empty(), 50, 50, 50, OptionalLong.of(100), 3, 1, 1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aLineIsWrittenOverAndMakesRoomForOthers() {
        Terminal terminal = terminal(true, false, 30);
        terminal.lastProgress(HALF);
        terminal.error("a fault");
        terminal.print("a table\n");
        assertThat(text(err))
                .startsWith("\r 50 %  frames 50 decoded, 50 ")
                .doesNotContain("faces")
                .endsWith("\npaseo: a fault\n");
        assertThat(text(out)).isEqualTo("a table\n");
    }

    @Test
    void elsewhereLinesArePlain() {
        Terminal terminal = terminal(false, false, 0);
        terminal.note("a note");
        terminal.progress(HALF);
        terminal.lastProgress(HALF);
        assertThat(text(err)).isEqualTo("""
                a note
                 50 %  frames 50 decoded, 50 processed  0.0 fps  3 faces  1 sequence  1 person
                """);
    }

    @Test
    void quietLeavesErrorsAndFindings() {
        Terminal terminal = terminal(false, true, 0);
        terminal.note("a note");
        terminal.lastProgress(HALF);
        terminal.error("a fault");
        terminal.print("a table\n");
        assertThat(text(err)).isEqualTo("paseo: a fault\n");
        assertThat(text(out)).isEqualTo("a table\n");
    }

    private Terminal terminal(boolean refreshing, boolean quiet, int width) {
        return new Terminal(stream(out), stream(err), refreshing, quiet, width);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
