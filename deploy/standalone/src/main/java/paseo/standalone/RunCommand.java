package paseo.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.frames.CameraProducer;
import paseo.frames.Carry;
import paseo.operations.Management;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Find out who is in videos, and who was seen before.",
        description = {
            "",
            "Reads the videos one after the other, follows every face, and decides whose each sequence of faces is: of"
                    + " a person seen before in any video with the same --data, of a new one, or of nobody (undecided,"
                    + " unusable). Ends with a table on standard output and a report page in --data.",
            "",
            "A run that was stopped, by Ctrl-C or the power going, goes on where it was when it is started again, and"
                    + " ends with the same result.",
            ""
        },
        footerHeading = "%nWhat --export writes:%n",
        footer = {
            "  people.csv     everybody seen in these inputs: person, first and last seen",
            "                 (SOURCE@SECONDS), sequences, faces, silhouette; the totals",
            "                 count everything stored of the person",
            "  sightings.csv  every sequence of these inputs, also those that are nobody's",
            "                 (undecided, unusable)",
            "  faces.csv      every face of these inputs; frames count from 0, boxes are",
            "                 pixels",
            "  *.jsonl        the same as JSON lines",
            "  crops/         best shots, a folder per person",
            "  report.html    one page with strips of faces and a timeline",
            "The same videos, settings and earlier data give the same bytes.",
            "",
            "Exit codes: 0 all inputs done, 1 some input failed (the others are done) or",
            "the system did, 2 usage, 78 refused at start, 130 stopped by Ctrl-C."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Video files (mp4, mkv, mov, avi, webm, gif, ts), directories of them, and addresses of videos"
                            + " (http://, https://), which are fetched for the time of the run.")
    private List<String> inputs = List.of();

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Look at that many frames per second of video only (default: every frame).")
    private @Nullable Double fps;

    @Option(
            names = "--annotate",
            paramLabel = "FILE|DIR",
            description = "Write a copy of the video with boxes and person numbers; of several, into a directory.")
    private @Nullable Path annotate;

    @Option(names = "--export", paramLabel = "DIR", description = "Write tables, crops and the report, see below.")
    private @Nullable Path export;

    @Option(
            names = "--carry",
            paramLabel = "decoded|packets",
            defaultValue = "DECODED",
            description =
                    "How frames go over Kafka: as JPEG, or as they are compressed in the file, where that is H.264"
                            + " or HEVC, which costs less (default: ${DEFAULT-VALUE}).")
    private Carry carry = Carry.DECODED;

    @Mixin
    private WorkOptions work = new WorkOptions();

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(names = "--quiet", description = "No progress and no notes: errors and the table only.")
    private boolean quiet;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(quiet);
        refuseCameras();
        try (Management management = servers.management()) {
            Run.Outcome outcome =
                    new Run(settings(), page.settings(), terminal, management).execute(found -> say(found, terminal));
            return outcome.complete() ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    private void say(Run.Outcome found, Terminal terminal) {
        terminal.print(Summary.of(found.findings()));
        if (export != null) {
            terminal.print("export: " + export.toAbsolutePath().normalize() + "\n");
        }
        terminal.print("report: " + found.report() + "\n");
    }

    /** Among files a camera's address is one more that cannot be read; the others are. */
    private void refuseCameras() {
        if (inputs.stream().allMatch(input -> CameraProducer.isCamera(input) && !RemoteVideos.isOne(input))) {
            throw Refusal.usage("a run reads videos to their end; 'paseo watch' watches cameras");
        }
    }

    private RunSettings settings() {
        return new RunSettings(
                inputs,
                data.directory(),
                recognition.pack(),
                recognition.acceptedLicences(),
                RecognitionOptions.rate(fps),
                recognition.threads(),
                Optional.ofNullable(annotate),
                Optional.ofNullable(export),
                recognition.calibration(),
                recognition.targetFpir(),
                servers.kafka(),
                servers.postgres(),
                servers.pgvector(),
                work.work().withCarry(carry));
    }
}
