package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
    @TempDir
    private Path directory;

    @Test
    void countsTheCpuOfGrandchildren() throws Exception {
        Path output = directory.resolve("output");
        String burn = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        Usage usage = Usage.of(
                List.of("sh", "-c", "sh -c \"$BURN\"; echo $WORD; exit 3"),
                Map.of("BURN", burn, "WORD", "done"),
                output);
        assertThat(usage.exitCode()).isEqualTo(3);
        assertThat(usage.cpuSeconds()).isGreaterThan(0.1);
        assertThat(usage.peakBytes()).isPositive();
        assertThat(usage.wallSeconds()).isPositive();
        assertThat(output).content().isEqualTo("done\n");
        assertThat(Files.size(output)).isEqualTo(5);
    }
}
