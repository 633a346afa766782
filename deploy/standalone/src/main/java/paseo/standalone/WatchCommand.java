package paseo.standalone;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.frames.CameraProducer;
import paseo.operations.Management;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Watch cameras and say who passes, while they pass.",
        description = {
            "",
            "Watches the cameras given, or all that 'paseo cameras add' has stored, until Ctrl-C. One line when it is"
                    + " known who somebody is, another one when they have left. Of a camera only the latest pictures"
                    + " count: where the machine is too slow it looks at fewer, and never at one older than two"
                    + " seconds. A camera that goes away is connected again as soon as it is back.",
            ""
        },
        footerHeading = "%nCameras:%n",
        footer = {
            "  rtsp://HOST/PATH                 over TCP; with ?udp at its end over UDP",
            "  rtsps://HOST/PATH                encrypted",
            "  http://HOST/PATH                 MJPEG, HLS (.m3u8) or a transport stream",
            "  v4l2:/dev/video0                 a camera of this machine",
            "User and password: rtsp://USER:PASSWORD@HOST/PATH, or better by reference,",
            "'rtsp://$${env:NAME}:$${env:NAME}@HOST' or 'rtsp://$${file:PATH}@HOST' (in quotes,",
            "so that the shell leaves them alone) with user:password in the file. They are",
            "not stored and not printed.",
            "",
            "Exit codes: 1 the system failed, 2 usage, 78 refused at start, 130 stopped by",
            "Ctrl-C."
        })
final class WatchCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "CAMERA", description = "Addresses of cameras, see below.")
    private List<String> addresses = List.of();

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Look at that many pictures per second of each camera at most (default: as many as come and"
                    + " can be looked at).")
    private @Nullable Double fps;

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private WorkOptions work = new WorkOptions();

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(names = "--quiet", description = "No notes: errors and people only.")
    private boolean quiet;

    @Override
    public Integer call() {
        try (Management management = servers.management()) {
            new Watch(settings(), page.settings(), Terminal.standard(quiet), management).execute();
        }
        return ExitCodes.DONE;
    }

    private RunSettings settings() {
        if (!addresses.stream().allMatch(CameraProducer::isCamera)) {
            throw Refusal.usage("a camera's address begins with rtsp://, rtsps://, http://, https:// or v4l2:/;"
                    + " 'paseo run' reads files");
        }
        try {
            addresses.forEach(CameraProducer::checkAddress);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(String.valueOf(e.getMessage()));
        }
        return new RunSettings(
                addresses,
                data.directory(),
                recognition.pack(),
                recognition.acceptedLicences(),
                RecognitionOptions.rate(fps),
                recognition.threads(),
                Optional.empty(),
                Optional.empty(),
                recognition.calibration(),
                recognition.targetFpir(),
                servers.kafka(),
                servers.postgres(),
                servers.pgvector(),
                work.work());
    }
}
