package paseo.frames;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import paseo.events.TopicMismatchException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads video files and publishes their frames. */
@Command(
        name = "frame-producer",
        mixinStandardHelpOptions = true,
        version = "Paseo frame-producer",
        sortOptions = false,
        description = {
            "Reads video files one after the other and publishes their frames as JPEG on the topic frames.",
            "No frame is dropped: it waits for the inference workers. Stopped, it goes on where the workers are."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file was published to its end",
            "1:a file failed, or Kafka did",
            "2:wrong usage",
            "78:Kafka's topics do not fit; the message says what to change"
        })
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int REFUSED = 78;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--kafka", required = true, paramLabel = "HOST:PORT", description = "Kafka's bootstrap servers.")
    private String kafka = "";

    @Option(
            names = "--partitions",
            defaultValue = "4",
            paramLabel = "N",
            description = "Partitions of topics that do not exist yet (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Frames per second of video to publish. Without it: every frame.")
    private @Nullable Double fps;

    @Option(
            names = "--max-side",
            defaultValue = "1920",
            paramLabel = "PIXELS",
            description = "Longer side of a published picture at most (default: ${DEFAULT-VALUE}).")
    private int maxSide;

    @Option(
            names = "--jpeg-quality",
            defaultValue = "90",
            paramLabel = "1-100",
            description = "Quality of the JPEG (default: ${DEFAULT-VALUE}).")
    private int jpegQuality;

    @Option(
            names = "--max-lag",
            defaultValue = "128",
            paramLabel = "FRAMES",
            description = "Frames that may wait for the workers before this pauses (default: ${DEFAULT-VALUE}).")
    private int maxLag;

    @Option(
            names = "--settings-tag",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "What else shapes the result, such as the model pack: another tag makes another session.")
    private String settingsTag = "";

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Partition to publish on. Without it: chosen by the first file.")
    private @Nullable Integer partition;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIRECTORY", description = "Videos, or directories of videos.")
    private List<String> inputs = List.of();

    /** The service's entry. */
    public static void main(String[] args) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-frame-producer.xml");
        }
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() {
        ProducerSettings settings;
        try {
            settings = new ProducerSettings(
                    kafka,
                    partitions,
                    fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps),
                    maxSide,
                    jpegQuality,
                    maxLag,
                    settingsTag,
                    partition == null ? OptionalInt.empty() : OptionalInt.of(partition));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
        try (FrameProducer producer = new FrameProducer(settings, inputs, new SimpleMeterRegistry())) {
            Runtime.getRuntime().addShutdownHook(new Thread(producer::close, "stop"));
            producer.run();
            return report(producer.status());
        } catch (TopicMismatchException e) {
            return fault(REFUSED, e);
        } catch (KafkaException e) {
            return fault(FAILED, e);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
    }

    private int report(List<SourceStatus> sources) {
        PrintWriter out = commandLine().getOut();
        boolean complete = true;
        for (SourceStatus source : sources) {
            complete &= source.state() == SourceStatus.State.DONE;
            out.printf(
                    "%s: %s, %d frames read, %d published%s%n",
                    source.name(),
                    source.state().name().toLowerCase(Locale.ROOT),
                    source.framesRead(),
                    source.framesPublished(),
                    source.error().map(error -> ": " + error).orElse(""));
        }
        out.flush();
        return complete ? 0 : FAILED;
    }

    private int fault(int code, Exception fault) {
        PrintWriter err = commandLine().getErr();
        err.println("frame-producer: cannot use Kafka at " + kafka + ": " + reason(fault));
        err.flush();
        return code;
    }

    /** Kafka says of a broker that is away that a node was not assigned. */
    private static String reason(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof TimeoutException
                ? "no answer; is it running, and is its address right?"
                : String.valueOf(root.getMessage());
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return spec.commandLine();
    }
}
