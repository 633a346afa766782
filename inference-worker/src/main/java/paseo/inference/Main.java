package paseo.inference;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import paseo.events.TopicMismatchException;
import paseo.operations.KafkaOptions;
import paseo.operations.Management;
import paseo.operations.ManagementOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for faces in frames. */
@Command(
        name = "inference-worker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads frames from the topic frames, finds the faces in them, says where each head points and how good the"
                    + " picture is, and turns the recognisable ones into embeddings on the topic detections.",
            "Start as many as there is work for: they share the partitions."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "1:Kafka failed, or what computes the models",
            "2:wrong usage",
            "78:the model pack or Kafka's topics do not fit; the message says what to change",
            "130, 143:stopped in order by Ctrl-C or SIGTERM"
        })
public final class Main implements Callable<Integer> {
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
            names = "--pack",
            defaultValue = "retail",
            paramLabel = "NAME|MANIFEST",
            description = "Model pack: retail, sface, insightface, buffalo_l, buffalo_m, buffalo_s, buffalo_sc, or a "
                    + "manifest (.json) with its files beside it (default: ${DEFAULT-VALUE}).")
    private String pack = "";

    @Option(
            names = "--accept-licence",
            paramLabel = "ID",
            description = "Accepts a pack's restricted licence: insightface (non-commercial research).")
    private Set<String> acceptedLicences = Set.of();

    @Option(
            names = "--max-batch",
            paramLabel = "FRAMES",
            description = "Frames looked at together at most. Without it: 16, on a graphics processor two per thread.")
    private @Nullable Integer maxBatch;

    @Option(
            names = "--max-wait",
            defaultValue = "20",
            paramLabel = "MS",
            description = "How long a frame waits for others to be looked at together; a camera's only where these are"
                    + " likely to come (default: ${DEFAULT-VALUE}).")
    private int maxWait;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Frames looked at at once. Without it: one per core, with --device cuda or tensorrt eight, at most 128.")
    private @Nullable Integer threads;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            paramLabel = "cpu|cuda|tensorrt",
            description = "What computes the models. cuda and tensorrt need a build with -Pgpu, CUDA 12, cuDNN 9 and"
                    + " for the latter TensorRT 10 (default: ${DEFAULT-VALUE}).")
    private Device device = Device.CPU;

    @Option(
            names = "--detect-every",
            defaultValue = "1",
            paramLabel = "N[/M]",
            converter = DetectionInterval.Converter.class,
            description = "Look at one of N frames, and at one of M while nothing moves; the tracker bridges the others"
                    + " (default: ${DEFAULT-VALUE}).")
    private DetectionInterval interval = DetectionInterval.EVERY_FRAME;

    /** The service's entry. */
    public static void main(String[] args) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-inference-worker.xml");
        }
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(KafkaOptions.expand(args)));
    }

    @Override
    public Integer call() {
        WorkerSettings settings;
        PipelineSettings pipelineSettings;
        try {
            PipelineSettings standard = PipelineSettings.standard(device).accepting(acceptedLicences);
            pipelineSettings = threads == null ? standard : standard.withThreads(threads);
            settings = new WorkerSettings(
                    kafkaOptions.to(kafka),
                    partitions,
                    maxBatch == null ? pipelineSettings.framesAtOnce() : maxBatch,
                    Duration.ofMillis(maxWait),
                    interval);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
        try (Management management = managementOptions.open()) {
            return run(settings, pipelineSettings, management);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage());
        }
    }

    private int run(WorkerSettings settings, PipelineSettings pipelineSettings, Management management) {
        management.health().needs("models", () -> Optional.of("are being loaded and tried out"));
        try (FacePipeline pipeline = open(pipelineSettings);
                InferenceWorker worker = new InferenceWorker(settings, pipeline, management)) {
            management.health().needs("models", Optional::empty);
            Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "stop"));
            worker.run();
            return 0;
        } catch (ModelPackException e) {
            return fault(REFUSED, e.getMessage());
        } catch (TopicMismatchException e) {
            return fault(REFUSED, "cannot use Kafka at " + kafka + ": " + e.getMessage());
        } catch (KafkaException e) {
            return fault(FAILED, "cannot use Kafka at " + kafka + ": " + reason(e));
        } catch (PipelineFailedException e) {
            return fault(FAILED, "cannot look at pictures: " + e.getMessage());
        }
    }

    private FacePipeline open(PipelineSettings settings) {
        ModelPack wanted = ModelPack.load(pack);
        PrintWriter err = commandLine().getErr();
        ModelStore store = ModelStore.standard().complete(wanted, acceptedLicences, line -> {
            err.println("inference-worker: " + line);
            err.flush();
        });
        return FacePipeline.open(wanted, store, settings);
    }

    private int fault(int code, @Nullable String message) {
        PrintWriter err = commandLine().getErr();
        err.println("inference-worker: " + message);
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
