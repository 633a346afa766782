package paseo.frames;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.TopicMismatchException;
import paseo.operations.KafkaOptions;
import paseo.operations.Management;
import paseo.operations.ManagementOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads video files and watches cameras, and publishes their frames. */
@Command(
        name = "frame-producer",
        mixinStandardHelpOptions = true,
        version = "Paseo frame-producer",
        sortOptions = false,
        description = {
            "Reads video files one after the other and publishes their frames as JPEG on the topic frames.",
            "No frame of a file is dropped: it waits for the workers. Stopped, it goes on where they are.",
            "",
            "Watches cameras until it is stopped: those given, or with --cameras its share of those on the "
                    + "topic cameras, which all producers of one Kafka divide among them. Of a camera only the latest "
                    + "pictures count: what would be older than two seconds is dropped and counted by reason.",
            "",
            "A camera is rtsp://, rtsps://, http:// or https:// (MJPEG, HLS, transport streams) or "
                    + "v4l2:/dev/videoN; ?udp at the end of an rtsp address asks for RTP over UDP. User and password may "
                    + "be references, as in rtsp://$${env:NAME}:$${env:NAME}@HOST or rtsp://$${file:PATH}@HOST with "
                    + "user:password in the file, in a path each alone, as in "
                    + "/user=$${env:NAME}_password=$${env:NAME}, and are never printed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file was published to its end",
            "1:a file failed, or Kafka did",
            "2:wrong usage",
            "78:Kafka's topics do not fit; the message says what to change",
            "130, 143:stopped in order by Ctrl-C or SIGTERM"
        })
public final class Main implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int FAILED = 1;
    private static final int REFUSED = 78;

    @Spec
    private @Nullable CommandSpec spec;

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
            names = "--partitions",
            defaultValue = "4",
            paramLabel = "N",
            description = "Partitions of topics that do not exist yet (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description =
                    "Frames per second of video to publish, of a camera on the topic cameras no more than it may have by"
                            + " itself. Without it: every frame of a file, and of a camera as many as the workers"
                            + " digest.")
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

    @Option(
            names = "--carry",
            defaultValue = "DECODED",
            paramLabel = "FORM",
            description = "decoded: files' pictures as JPEG. packets: as they are compressed in the file, where that is"
                    + " H.264 or HEVC; cheaper, the workers decode them. Cameras' are always decoded"
                    + " (default: ${DEFAULT-VALUE}).")
    private Carry carry = Carry.DECODED;

    @Option(names = "--cameras", description = "Watch a share of the cameras on the topic cameras.")
    private boolean cameras;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIRECTORY|CAMERA",
            description = "Videos, directories of videos, addresses of cameras.")
    private List<String> inputs = List.of();

    /** The service's entry. */
    public static void main(String[] args) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-frame-producer.xml");
        }
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(KafkaOptions.expand(args)));
    }

    @Override
    public Integer call() {
        ProducerSettings settings;
        try {
            settings = new ProducerSettings(
                    kafkaOptions.to(kafka),
                    partitions,
                    fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps),
                    maxSide,
                    jpegQuality,
                    maxLag,
                    settingsTag,
                    partition == null ? OptionalInt.empty() : OptionalInt.of(partition),
                    carry);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
        List<String> addresses =
                inputs.stream().filter(CameraProducer::isCamera).toList();
        List<String> files =
                inputs.stream().filter(input -> !CameraProducer.isCamera(input)).toList();
        if (files.isEmpty() && addresses.isEmpty() && !cameras) {
            throw new CommandLine.ParameterException(
                    commandLine(), "nothing to read: name a FILE|DIRECTORY|CAMERA, or give --cameras");
        }
        if (cameras && !addresses.isEmpty()) {
            throw new CommandLine.ParameterException(
                    commandLine(), "watch the cameras of the topic or those given, not both");
        }
        try (Management management = managementOptions.open()) {
            return orFault(() -> addresses.isEmpty() && !cameras
                    ? read(settings, files, 0, management)
                    : watch(settings, files, addresses, management));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
    }

    private int orFault(IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (TopicMismatchException e) {
            return fault(REFUSED, e);
        } catch (KafkaException e) {
            return fault(FAILED, e);
        }
    }

    private int read(ProducerSettings settings, List<String> files, int cameras, Management management) {
        try (FrameProducer producer = new FrameProducer(settings, files, management, cameras)) {
            Runtime.getRuntime().addShutdownHook(new Thread(producer::close, "stop"));
            producer.run();
            return report(producer.status());
        }
    }

    private int watch(ProducerSettings settings, List<String> files, List<String> addresses, Management management) {
        try (CameraProducer producer = addresses.isEmpty()
                ? CameraProducer.ofTopic(settings, management)
                : CameraProducer.of(settings, addresses, management)) {
            Runtime.getRuntime().addShutdownHook(new Thread(producer::close, "stop-cameras"));
            CompletableFuture<Integer> reading = new CompletableFuture<>();
            Thread reader = new Thread(
                    () -> reading.complete(readBeside(settings, files, addresses.size(), management)), "files");
            reader.setDaemon(true);
            reader.start();
            producer.run();
            return reading.join();
        }
    }

    /** Beside cameras, which may be watched for days: what goes wrong is told when it does. */
    private int readBeside(ProducerSettings settings, List<String> files, int cameras, Management management) {
        if (files.isEmpty()) {
            return 0;
        }
        try {
            return orFault(() -> read(settings, files, cameras, management));
        } catch (IllegalArgumentException e) {
            tell(String.valueOf(e.getMessage()));
            return CommandLine.ExitCode.USAGE;
        } catch (RuntimeException | Error e) {
            tell("the files: " + e);
            log.error("files are no longer read", e);
            return FAILED;
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
        tell("cannot use Kafka at " + kafka + ": " + reason(fault));
        return code;
    }

    private void tell(String fault) {
        PrintWriter err = commandLine().getErr();
        err.println("frame-producer: " + fault);
        err.flush();
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
