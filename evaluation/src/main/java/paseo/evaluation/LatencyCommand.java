package paseo.evaluation;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import paseo.standalone.DataOption;
import paseo.standalone.SharedKafka;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** From the camera's picture to what is known of it: how long that takes in a system that watches cameras. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "How long after a camera's picture was taken it is on each topic: as a picture, as detections, as "
                        + "the opening of a sequence, as the first decision on it. The difference between two lines is what "
                        + "the step between them takes. Start 'paseo watch' before; it listens to the embedded Kafka of "
                        + "--data, or to yours.")
final class LatencyCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A Kafka in place of the embedded one. Its machine's clock and this one's must agree.")
    private @Nullable String kafka;

    @Option(names = "--seconds", defaultValue = "60", description = "How long it listens. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Mixin
    private BenchFiles files = new BenchFiles();

    @Override
    public Integer call() throws IOException {
        String address = Optional.ofNullable(kafka)
                .or(() -> SharedKafka.of(data.directory()))
                .orElseThrow(() -> usage("nothing watches cameras on " + data.directory()
                        + ": start 'paseo watch', or name a Kafka by --kafka"));
        BenchNumbers numbers = BenchOutput.begin();
        try (GlassToEvent latency = new GlassToEvent(address)) {
            latency.read(Duration.ofSeconds(seconds));
            latency.times().forEach((topic, times) -> {
                System.out.println(line(topic, times));
                numbers.put("latency." + topic + ".events", times.events());
                if (times.events() > 0) {
                    numbers.put("latency." + topic + ".p50_ms", times.p50());
                    numbers.put("latency." + topic + ".p95_ms", times.p95());
                }
            });
        }
        files.write(numbers, List.of());
        return 0;
    }

    private static String line(String topic, GlassToEvent.Times times) {
        return times.events() == 0
                ? String.format(Locale.ROOT, "%-10s  nothing", topic)
                : String.format(
                        Locale.ROOT,
                        "%-10s  p50 %5.0f ms  p95 %5.0f ms  of %d",
                        topic,
                        times.p50(),
                        times.p95(),
                        times.events());
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
