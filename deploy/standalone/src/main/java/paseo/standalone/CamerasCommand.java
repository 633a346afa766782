package paseo.standalone;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Camera;
import paseo.events.CameraStatus;
import paseo.events.Heartbeat;
import paseo.events.Region;
import paseo.events.StoredCameras;
import paseo.frames.CameraProducer;
import paseo.operations.KafkaConnection;
import paseo.operations.KafkaOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paseo cameras}. */
@Command(
        name = "cameras",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        header = "Say which cameras are to be watched, and see how they are.",
        description = {
            "",
            "What is stored here is watched by 'paseo watch', or by 'paseo frame-producer --cameras' on as many"
                    + " machines as are needed; changes take effect at once, also while they run.",
            ""
        },
        subcommands = {
            CamerasCommand.Add.class,
            CamerasCommand.Listing.class,
            CamerasCommand.Remove.class,
            CamerasCommand.Pause.class,
            CamerasCommand.Resume.class
        })
final class CamerasCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec != null) {
            CommandLine.usage(spec.commandLine(), System.err);
        }
        return ExitCodes.USAGE;
    }

    /** Where the list of cameras is. */
    static final class Place {
        @Mixin
        private DataOption data = new DataOption();

        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT",
                description = "A Kafka in place of the embedded one of --data.")
        private @Nullable String kafka;

        @Option(
                names = "--partitions",
                paramLabel = "N",
                defaultValue = "4",
                description = "Partitions of topics that Kafka does not have yet: so many of a service can share the"
                        + " work (default: ${DEFAULT-VALUE}).")
        private int partitions;

        @Mixin
        private KafkaOptions kafkaOptions = new KafkaOptions();

        /** Asks the user's Kafka, the embedded one of a command that runs, or else one that is started for it. */
        <T> T with(Function<CameraList, T> task) {
            if (partitions < 1) {
                throw Refusal.usage("--partitions " + partitions + ": there is at least one");
            }
            Optional<KafkaConnection> running = ServerOptions.connection(kafka, kafkaOptions)
                    .or(() -> SharedKafka.of(data.directory()).map(KafkaConnection::of));
            if (running.isPresent()) {
                return ask(running.get(), task);
            }
            try (DataDirectory directory = DataDirectory.open(data.directory())) {
                LogFile.open(directory.log());
                try (EmbeddedKafka embedded = Servers.kafkaIn(directory)) {
                    return ask(KafkaConnection.of(embedded.bootstrapServers()), task);
                }
            }
        }

        private <T> T ask(KafkaConnection connection, Function<CameraList, T> task) {
            Servers.prepareTopics(connection, "--kafka " + connection.bootstrapServers(), partitions);
            try {
                return task.apply(new CameraList(connection));
            } catch (KafkaException e) {
                throw Refusal.failed("Kafka at " + connection.bootstrapServers() + ": " + e.getMessage(), e);
            }
        }
    }

    /** {@code paseo cameras add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Store a camera, or change one.",
            footerHeading = "%nSecrets:%n",
            footer = {
                "User and password are not stored: put references in their place, which the"
                        + " watching process resolves, as in 'rtsp://$${env:NAME}:$${env:NAME}@HOST/PATH',"
                        + " 'rtsp://$${file:PATH}@HOST/PATH' with user:password in the file, or, where a camera"
                        + " wants them in the path, 'rtsp://HOST/user=$${env:NAME}_password=$${env:NAME}_channel=1',"
                        + " or the query, 'http://HOST/PATH?user=$${env:NAME}&pwd=$${env:NAME}'"
                        + " (in quotes, so that the shell leaves them alone)."
            })
    static final class Add implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "ID", description = "Lower-case letters, digits, - and _.")
        private String id = "";

        @Parameters(
                index = "1",
                paramLabel = "URL",
                description = "rtsp:// (?udp at its end: over UDP), rtsps://, http://, https:// or v4l2:/dev/video0.")
        private String url = "";

        @Option(
                names = "--fps",
                paramLabel = "N",
                defaultValue = "0",
                description =
                        "Pictures per second to look at, at most (default: as many as come and can be looked" + " at).")
        private double fps;

        @Option(
                names = "--min-face",
                paramLabel = "PIXELS",
                defaultValue = "0",
                description =
                        "Faces narrower than this are nobody's (default: what the model pack asks for, which holds in"
                                + " any case).")
        private int leastFace;

        @Option(
                names = "--roi",
                paramLabel = "X,Y,W,H",
                description = "The part of the picture to look at, in shares of it: left, top, width, height.")
        private @Nullable String region;

        @Option(
                names = "--retention",
                paramLabel = "DAYS",
                defaultValue = "0",
                description = "How long what was seen on it is kept, 0.5 being twelve hours (default: as long as the"
                        + " matcher keeps anything, which is for ever unless it is told otherwise).")
        private double retention;

        @Mixin
        private Place place = new Place();

        @Override
        public Integer call() {
            Camera camera;
            try {
                CameraProducer.checkAddress(url);
                camera = new Camera(
                        id,
                        url,
                        fps,
                        leastFace,
                        Optional.ofNullable(region).map(Region::parse),
                        Math.round(retention * Duration.ofDays(1).toSeconds()),
                        false);
            } catch (IllegalArgumentException e) {
                throw Refusal.usage(String.valueOf(e.getMessage()));
            }
            Camera stored = place.with(cameras -> cameras.store(camera));
            Terminal.standard(false)
                    .print("camera " + id + " is stored; "
                            + (stored.paused()
                                    ? "it stays paused until 'paseo cameras resume'\n"
                                    : "'paseo watch' watches it\n"));
            return ExitCodes.DONE;
        }
    }

    /** {@code paseo cameras list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "List the cameras and how they are.",
            footer = {
                "",
                "live: delivers. reconnecting: gone, tried again soon. down: gone for a while, or",
                "refuses. frozen: delivers, but always the same. not watched: nobody watches it."
            })
    static final class Listing implements Callable<Integer> {
        @Mixin
        private Place place = new Place();

        @Override
        public Integer call() {
            Terminal.standard(false).print(place.with(cameras -> table(cameras.read(), cameras.heartbeats())));
            return ExitCodes.DONE;
        }
    }

    static String table(Map<String, StoredCameras.Entry> cameras, Map<String, Heartbeat> heartbeats) {
        if (cameras.isEmpty()) {
            return "no cameras are stored; 'paseo cameras add' stores one\n";
        }
        TextTable table = new TextTable("CAMERA", "STATE", "FOR", "FPS", "READ", "SENT", "DROPPED", "KEPT", "ADDRESS");
        cameras.forEach((id, entry) -> {
            Optional<Heartbeat> heartbeat = Optional.ofNullable(heartbeats.get(id));
            Optional<CameraStatus> status = heartbeat.flatMap(Heartbeat::camera);
            String state = entry.camera().paused()
                    ? "paused"
                    : status.map(now -> now.state().name().toLowerCase(Locale.ROOT))
                            .orElse("not watched");
            table.row(
                    id,
                    state,
                    status.map(now -> age(now.sinceMicros())).orElse("-"),
                    status.map(now -> String.format(Locale.ROOT, "%.1f", now.frameRate()))
                            .orElse("-"),
                    status.map(now -> Long.toString(now.framesRead())).orElse("-"),
                    status.map(now -> Long.toString(now.framesPublished())).orElse("-"),
                    status.map(CamerasCommand::dropped).orElse("-"),
                    kept(entry.camera().retentionSeconds()),
                    entry.camera().url()
                            + heartbeat
                                    .map(Heartbeat::detail)
                                    .filter(detail -> !detail.isEmpty())
                                    .map(detail -> "  (" + detail + ")")
                                    .orElse(""));
        });
        return table.toString();
    }

    private static String dropped(CameraStatus status) {
        String reasons = status.droppedByReason().entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .reduce((one, other) -> one + ", " + other)
                .map(all -> " (" + all + ")")
                .orElse("");
        return status.dropped() + reasons;
    }

    private static String kept(long seconds) {
        double days = seconds / (double) Duration.ofDays(1).toSeconds();
        return seconds == 0
                ? "-"
                : String.format(Locale.ROOT, days < 2 ? "%.1f h" : "%.0f d", days < 2 ? 24 * days : days);
    }

    private static String age(long sinceMicros) {
        Duration age = Duration.between(Instant.ofEpochMilli(sinceMicros / 1000), Instant.now());
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 60 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    /** What is done with one camera of the list. */
    abstract static class OneCamera implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The camera's id.")
        private String id = "";

        @Mixin
        private Place place = new Place();

        /** Makes the change and tells what was done. */
        abstract String change(CameraList cameras, String id);

        static Camera camera(CameraList cameras, String id) {
            StoredCameras.Entry entry = cameras.read().get(id);
            if (entry == null) {
                throw none(id);
            }
            return entry.camera();
        }

        static Refusal none(String id) {
            return Refusal.failed("there is no camera " + id + "; 'paseo cameras list' lists them all", null);
        }

        @Override
        public Integer call() {
            String done = place.with(cameras -> change(cameras, id));
            Terminal.standard(false).print("camera " + id + " " + done + "\n");
            return ExitCodes.DONE;
        }
    }

    /** {@code paseo cameras remove}. */
    @Command(name = "remove", mixinStandardHelpOptions = true, header = "Forget a camera; what it has seen stays.")
    static final class Remove extends OneCamera {
        @Override
        String change(CameraList cameras, String id) {
            if (!cameras.remove(id)) {
                throw none(id);
            }
            return "is removed";
        }
    }

    /** {@code paseo cameras pause}. */
    @Command(name = "pause", mixinStandardHelpOptions = true, header = "Do not watch a camera for now.")
    static final class Pause extends OneCamera {
        @Override
        String change(CameraList cameras, String id) {
            cameras.put(camera(cameras, id).withPaused(true));
            return "is paused; 'paseo cameras resume' ends that";
        }
    }

    /** {@code paseo cameras resume}. */
    @Command(name = "resume", mixinStandardHelpOptions = true, header = "Watch a paused camera again.")
    static final class Resume extends OneCamera {
        @Override
        String change(CameraList cameras, String id) {
            cameras.put(camera(cameras, id).withPaused(false));
            return "is watched again";
        }
    }
}
