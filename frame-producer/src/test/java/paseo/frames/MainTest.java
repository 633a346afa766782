package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--kafka", "--fps", "--max-side", "--jpeg-quality", "--max-lag", "78");
    }

    @Test
    void wrongUsageSaysWhatIsWrong() {
        assertThat(run("--kafka", "localhost:9092")).isEqualTo(2);
        assertThat(err.toString()).contains("FILE|DIRECTORY");
        assertThat(run("a.mp4")).isEqualTo(2);
        assertThat(err.toString()).contains("--kafka");
        assertThat(run("--kafka", "localhost:9092", "--fps", "0", "a.mp4")).isEqualTo(2);
        assertThat(err.toString()).contains("fps must lie above 0");
        assertThat(run("--kafka", "localhost:9092", "--jpeg-quality", "101", "a.mp4"))
                .isEqualTo(2);
    }

    @Test
    void aMalformedAddressIsOneLine() {
        assertThat(run("--kafka", "nonsense", "a.mp4")).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("Kafka at nonsense").contains("bootstrap");
    }

    private int run(String... arguments) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
