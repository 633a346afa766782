package paseo.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import paseo.events.TopicMismatchException;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.KafkaOptions;
import paseo.operations.Management;
import paseo.operations.ManagementOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code tracker-streams}. */
@Command(
        name = "tracker-streams",
        mixinStandardHelpOptions = true,
        version = "paseo tracker-streams 0.1.0",
        sortOptions = false,
        description = {
            "Follows faces from frame to frame: reads the topic detections, writes the topic sequences, exactly once.",
            "Any number of instances share the partitions."
        },
        footer = {
            "",
            "Exit codes: 1 failed, 2 usage, 78 refused at start (a topic with wrong settings), 130 or 143 stopped in order by"
                    + " Ctrl-C or SIGTERM.",
            "",
            "Example: tracker-streams --kafka localhost:9092 --state-dir /var/lib/paseo/tracker"
        })
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int REFUSED = 78;
    private static final int REACH_KAFKA_MILLIS = 10_000;

    @Option(
            names = "--kafka",
            required = true,
            defaultValue = "${env:" + KafkaOptions.SERVERS_VARIABLE + "}",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka's bootstrap servers (default: environment variable " + KafkaOptions.SERVERS_VARIABLE + ").")
    private String kafka = "";

    @Mixin
    private KafkaOptions kafkaOptions = new KafkaOptions();

    @Mixin
    private ManagementOptions managementOptions = new ManagementOptions();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "tracker-state",
            description = "Where the open sequences are kept between restarts (default: ${DEFAULT-VALUE}). It may be"
                    + " deleted while stopped: the state is restored from Kafka.")
    private Path stateDirectory = Path.of("tracker-state");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of topics that have to be created (default: ${DEFAULT-VALUE}).")
    private int partitions = 4;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Partitions tracked at the same time (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(
            names = "--confident-score",
            paramLabel = "0..1",
            defaultValue = "0.6",
            description = "Detector score from which a face may start a sequence; weaker ones only continue one"
                    + " (default: ${DEFAULT-VALUE}).")
    private double confidentScore = 0.6;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long a person may be out of view, in the video's time, before the sequence is closed"
                    + " (default: ${DEFAULT-VALUE}).")
    private double patience = 1;

    @Option(
            names = "--longest",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "A longer stay becomes several sequences (default: ${DEFAULT-VALUE}).")
    private double longest = 600;

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /** Runs until it is stopped or fails. */
    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-tracker-streams.xml");
        }
        System.exit(new CommandLine(new Main()).execute(KafkaOptions.expand(arguments)));
    }

    @Override
    public Integer call() throws InterruptedException {
        TrackerSettings settings = settings();
        try (Management management = open()) {
            Files.createDirectories(stateDirectory);
            prepareTopics(settings.kafka());
            return run(settings, management);
        } catch (IOException e) {
            return complain(FAILED, "--state-dir " + stateDirectory + ": cannot be written: " + e.getMessage());
        } catch (TopicMismatchException e) {
            return complain(REFUSED, String.valueOf(e.getMessage()));
        } catch (KafkaException e) {
            return complain(FAILED, "--kafka " + kafka + ": " + e.getMessage());
        }
    }

    private TrackerSettings settings() {
        try {
            TrackerParameters standard = TrackerParameters.standard();
            TrackerParameters parameters = standard.withConfidentScore(confidentScore)
                    .withPatience(seconds(patience))
                    .withLimits(seconds(longest), standard.mostFaces());
            return TrackerSettings.of(kafkaOptions.to(kafka), stateDirectory)
                    .withPartitions(partitions)
                    .withParameters(parameters)
                    .withThreads(threads);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
    }

    private Management open() {
        try {
            return managementOptions.open();
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
    }

    private ParameterException usage(IllegalArgumentException cause) {
        if (spec == null) {
            throw cause;
        }
        return new ParameterException(spec.commandLine(), String.valueOf(cause.getMessage()), cause);
    }

    private void prepareTopics(KafkaConnection connection) {
        try (Admin admin = Admin.create(connection.admin(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                REACH_KAFKA_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REACH_KAFKA_MILLIS / 2)))) {
            Topics.prepare(admin, partitions);
        }
    }

    private static int run(TrackerSettings settings, Management management) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (TrackerStreams streams = new TrackerStreams(settings, management)) {
            streams.onFailure(cause -> {
                failure.set(cause);
                over.countDown();
            });
            Thread stop = new Thread(streams::close, "tracker-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            streams.start();
            over.await();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        Throwable cause = failure.get();
        return complain(FAILED, "the tracker has failed: " + (cause == null ? "unknown" : cause.getMessage()));
    }

    private static Duration seconds(double value) {
        return Duration.ofNanos((long) (value * 1e9));
    }

    private static int complain(int exitCode, String line) {
        System.err.println("tracker-streams: " + line);
        return exitCode;
    }
}
