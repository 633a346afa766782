package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "--kafka",
                        "--partitions",
                        "--pack",
                        "--accept-licence",
                        "--max-batch",
                        "--max-wait",
                        "--threads")
                .contains("78");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--kafka", "localhost:9092", "--threads", "0")).isEqualTo(2);
        assertThat(run("--kafka", "localhost:9092", "--max-batch", "many")).isEqualTo(2);
    }

    @Test
    void anUnusablePackIsRefusedInOneLineBeforeKafkaIsAsked() throws IOException {
        assertThat(run("--kafka", "127.0.0.1:1", "--pack", "retial")).isEqualTo(78);
        assertThat(err.toString()).hasLineCount(1).contains("retial");
        new SmallPack(folder).write();
        Files.delete(folder.resolve("small/detector.onnx"));
        assertThat(run(
                        "--kafka",
                        "127.0.0.1:1",
                        "--pack",
                        folder.resolve("small/small.json").toString()))
                .isEqualTo(78);
        assertThat(err.toString()).contains("detector.onnx");
        assertThat(run("--kafka", "127.0.0.1:1", "--pack", "buffalo_l")).isEqualTo(78);
        assertThat(err.toString()).contains("--accept-licence insightface");
    }

    private int run(String... args) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
