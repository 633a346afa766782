package paseo.matching;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import paseo.events.Reach;
import paseo.events.TopicMismatchException;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiSettings;
import paseo.matching.api.MatcherApi;
import paseo.operations.KafkaOptions;
import paseo.operations.Management;
import paseo.operations.ManagementOptions;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The matcher as a process. */
@Command(
        name = "matcher",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        version = "paseo matcher 0.1.0",
        description = {
            "Stores every detected face, decides whose each sequence of faces is, and publishes sightings.",
            "Reads the topics detections and sequences, writes sightings; keeps everything in PostgreSQL with"
                    + " pgvector 0.8 or later, whose tables it makes. Start as many as there are partitions."
        },
        footerHeading = "%nExit codes:%n",
        exitCodeListHeading = "",
        footer = {
            "  1   failed, or Kafka or PostgreSQL cannot be reached",
            "  2   wrong options",
            "  78  refused: a topic, the database or its schema does not fit",
            "  130, 143  stopped in order by Ctrl-C or SIGTERM"
        })
public final class Main implements Callable<Integer> {
    private static final int REFUSED = 78;
    private static final String PASSWORD_VARIABLE = "PASEO_POSTGRES_PASSWORD";
    private static final String KEYS_VARIABLE = "PASEO_KEYS_POSTGRES";
    private static final String KEYS_PASSWORD_VARIABLE = "PASEO_KEYS_POSTGRES_PASSWORD";
    private static final String TLS_PASSWORD_VARIABLE = "PASEO_TLS_PASSWORD";

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
            description = "Partitions of topics that have to be created (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--postgres",
            required = true,
            paramLabel = "URL",
            description = "Database, jdbc:postgresql://HOST:PORT/DATABASE; driver parameters as in ?sslmode=require.")
    private String postgres = "";

    @Option(
            names = "--postgres-user",
            defaultValue = "${env:PASEO_POSTGRES_USER:-paseo}",
            paramLabel = "NAME",
            description = "Its user (default: environment variable PASEO_POSTGRES_USER, else paseo).")
    private String user = "";

    @Option(
            names = "--postgres-password-file",
            paramLabel = "FILE",
            description = "File with its password (default: environment variable " + PASSWORD_VARIABLE + ").")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--keys-postgres",
            defaultValue = "${env:" + KEYS_VARIABLE + "}",
            paramLabel = "URL",
            description =
                    "Database of the keys with which templates and pictures are sealed, as --postgres. Whoever copies"
                            + " the files of that one or archives its log names another server, with copies that are kept no"
                            + " longer than an erasure may take (default: environment variable " + KEYS_VARIABLE
                            + ", else DATABASE_keys on the same server, which is made).")
    private Optional<String> keysPostgres = Optional.empty();

    @Option(
            names = "--keys-postgres-user",
            defaultValue = "${env:PASEO_KEYS_POSTGRES_USER}",
            paramLabel = "NAME",
            description = "Its user (default: environment variable PASEO_KEYS_POSTGRES_USER, else as --postgres-user).")
    private Optional<String> keysUser = Optional.empty();

    @Option(
            names = "--keys-postgres-password-file",
            paramLabel = "FILE",
            description = "File with its password (default: environment variable " + KEYS_PASSWORD_VARIABLE
                    + ", else as that of --postgres).")
    private Optional<Path> keysPasswordFile = Optional.empty();

    @Option(
            names = "--pack",
            defaultValue = "retail@1",
            paramLabel = "NAME@VERSION",
            description = "Model pack of the workers, which the thresholds belong to (default: ${DEFAULT-VALUE}).")
    private String pack = "";

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration of that pack, as 'paseo evaluate calibrate' writes it (default: the one that is"
                    + " shipped for it).")
    private Optional<Path> calibration = Optional.empty();

    @Option(
            names = "--target-fpir",
            paramLabel = "SHARE",
            description = "Share of strangers that may be taken for somebody, at any size of the gallery (default: the"
                    + " calibration's, 0.01).")
    private Optional<Double> targetFpir = Optional.empty();

    @Option(
            names = "--api",
            paramLabel = "HOST:PORT",
            description = "Serve the page and the API there; the first start prints a token. An address that others can"
                    + " reach needs --api-tls (default: none is served).")
    private Optional<String> api = Optional.empty();

    @Option(
            names = "--api-tls",
            paramLabel = "FILE.p12",
            description =
                    "Certificate and key of the API, PKCS #12; its password is taken from the environment variable "
                            + TLS_PASSWORD_VARIABLE + ".")
    private Optional<Path> certificate = Optional.empty();

    @Option(
            names = "--camera-networks",
            paramLabel = "NETWORK[,NETWORK]",
            description =
                    "Networks that are not public, as 192.168.7.0/24, in which cameras may be that are stored over"
                            + " the API (default: none; 'paseo cameras add' stores cameras anywhere).")
    private Optional<String> cameraNetworks = Optional.empty();

    @Option(
            names = "--retention",
            paramLabel = "DAYS",
            description = "How long anything is kept at most, 0.5 being twelve hours; a camera may ask for less"
                    + " (default: for ever).")
    private Optional<Double> retention = Optional.empty();

    @ArgGroup(
            exclusive = false,
            heading = "%nFixed thresholds, instead of a calibration, for a gallery that does not grow:%n")
    private @Nullable FixedThresholds fixed;

    /** Both or none. */
    static final class FixedThresholds {
        @Option(
                names = "--accept",
                required = true,
                paramLabel = "COSINE",
                description = "From this similarity on a sequence is the nearest person.")
        private double accept;

        @Option(
                names = "--create",
                required = true,
                paramLabel = "COSINE",
                description = "Below this similarity it is somebody new; between, undecided.")
        private double create;

        @Option(
                names = "--margin",
                defaultValue = "0.05",
                paramLabel = "COSINE",
                description = "Lead that the nearest person must have over every other (default: ${DEFAULT-VALUE}).")
        private double margin;
    }

    Main() {}

    /** Runs until it is stopped. */
    public static void main(String[] args) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-matcher.xml");
        }
        System.exit(commandLine(new Main()).execute(KafkaOptions.expand(args)));
    }

    /** The command line, with the process's own words for a wrong one. */
    static CommandLine commandLine(Main main) {
        CommandLine line = new CommandLine(main);
        line.setParameterExceptionHandler((fault, arguments) -> {
            line.getErr().println("matcher: " + fault.getMessage() + " (--help shows the options)");
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    @Override
    public Integer call() {
        MatcherSettings settings = settings();
        Optional<ApiSettings> served = apiSettings();
        Reach reach = reach();
        // Only a failure ends it; a signal ends the process, which closes the matcher on its way out.
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (Management management = open();
                Matcher matcher = new Matcher(settings, management)) {
            matcher.onFailure(end::completeExceptionally);
            matcher.start();
            Runtime.getRuntime().addShutdownHook(new Thread(matcher::close, "stop"));
            return served.isPresent() ? serve(served.get(), settings, reach, management.meters(), end) : end.get();
        } catch (UnusableDatabaseException e) {
            return say(e.unreachable() ? 1 : REFUSED, e.getMessage());
        } catch (TopicMismatchException | ApiServer.UnusableAddressException e) {
            return say(REFUSED, e.getMessage());
        } catch (KafkaException e) {
            return say(1, "cannot use Kafka at " + kafka + ": " + innermost(e).getMessage());
        } catch (ExecutionException e) {
            return say(1, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private Management open() {
        try {
            return managementOptions.open();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage());
        }
    }

    private int serve(
            ApiSettings served,
            MatcherSettings settings,
            Reach reach,
            MeterRegistry meters,
            CompletableFuture<Integer> end)
            throws ExecutionException, InterruptedException {
        try (MatcherApi running =
                MatcherApi.start(served, settings, reach, meters, commandLine().getOut())) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop-api"));
            return end.get();
        }
    }

    private Optional<ApiSettings> apiSettings() {
        try {
            Optional<ApiSettings.Tls> tls = certificate.map(file -> new ApiSettings.Tls(
                    file,
                    Optional.ofNullable(System.getenv(TLS_PASSWORD_VARIABLE)).orElse("")));
            return api.map(address -> ApiSettings.parse(address, tls));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "--api: " + e.getMessage());
        }
    }

    private Reach reach() {
        try {
            return cameraNetworks.map(Reach::parse).orElse(Reach.outside());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "--camera-networks: " + e.getMessage());
        }
    }

    private MatcherSettings settings() {
        try {
            MatcherSettings settings =
                    new MatcherSettings(kafkaOptions.to(kafka), partitions, database(), pack, thresholds());
            return retention
                    .map(days -> settings.keepingAtMost(Duration.ofSeconds(
                            Math.round(days * Duration.ofDays(1).toSeconds()))))
                    .orElse(settings);
        } catch (IllegalArgumentException | CalibrationException e) {
            throw new ParameterException(commandLine(), e.getMessage());
        }
    }

    private Thresholds thresholds() {
        if (fixed != null) {
            if (calibration.isPresent() || targetFpir.isPresent()) {
                throw new IllegalArgumentException("fixed thresholds leave no room for --calibration or --target-fpir");
            }
            return new MatchThresholds(fixed.accept, fixed.create, fixed.margin, "fixed");
        }
        Calibration found = calibration
                .map(file -> Calibration.read(file).requirePack(pack))
                .or(() -> Calibration.shipped(pack))
                .orElseThrow(() -> new IllegalArgumentException("no calibration is shipped for the model pack " + pack
                        + ": give one by --calibration, or fixed thresholds by --accept and --create"));
        return found.thresholds(targetFpir.orElse(found.rule().targetFpir()));
    }

    private DatabaseSettings database() {
        String password = password("--postgres-password-file", passwordFile, PASSWORD_VARIABLE, "");
        DatabaseSettings settings = new DatabaseSettings(postgres, user, password);
        return keysPostgres
                .map(url -> settings.withKeys(new DatabaseSettings(
                        url,
                        keysUser.orElse(user),
                        password("--keys-postgres-password-file", keysPasswordFile, KEYS_PASSWORD_VARIABLE, password))))
                .orElse(settings);
    }

    private String password(String option, Optional<Path> file, String variable, String otherwise) {
        if (file.isEmpty()) {
            return Optional.ofNullable(System.getenv(variable)).orElse(otherwise);
        }
        try {
            return Files.readString(file.get()).strip();
        } catch (IOException e) {
            throw new ParameterException(commandLine(), option + ": cannot read " + file.get());
        }
    }

    /** Kafka's client wraps what it has to say several times. */
    private static Throwable innermost(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? fault : innermost(cause);
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return spec.commandLine();
    }

    private int say(int code, @Nullable String message) {
        commandLine().getErr().println("matcher: " + message);
        return code;
    }
}
