package paseo.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks {@code nvidia-smi} how busy the first graphics processor is, five times a second, until closed. */
final class GpuMeter implements AutoCloseable {
    private static final String PROGRAM = "nvidia-smi";

    private final @Nullable Process process;
    private final CompletableFuture<List<String>> said;

    /** Measures from now on, where there is such a program. */
    GpuMeter() {
        Process started =
                start("--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "-i", "0", "-lms", "200");
        this.process = started;
        this.said = started == null
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.supplyAsync(() -> lines(started));
    }

    /** What the graphics processor and its driver call themselves. */
    static Optional<String> name() {
        Process asked = start("--query-gpu=name,driver_version", "--format=csv,noheader", "-i", "0");
        return asked == null ? Optional.empty() : lines(asked).stream().findFirst();
    }

    /** Ends the measurement and gives its mean: the share of time in which any kernel ran. */
    OptionalDouble busyPercent() {
        close();
        return said.join().stream().mapToDouble(Double::parseDouble).average();
    }

    private static @Nullable Process start(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(PROGRAM));
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // There is none: nothing is said of the graphics processor.
            return null;
        }
    }

    private static List<String> lines(Process process) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return output.lines()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            // Unlike Process.destroy, this leaves what it has said to be read.
            process.toHandle().destroy();
        }
    }
}
