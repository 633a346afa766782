package paseo.standalone;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            description = "Video files (mp4, mkv, mov, avi, webm, gif, ts) and directories of them.")
    private List<String> inputs = List.of();

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--pack",
            paramLabel = "NAME",
            defaultValue = "retail",
            description = "Model pack, see 'paseo models', or the path of a manifest (default: ${DEFAULT-VALUE}).")
    private String pack = "retail";

    @Option(
            names = "--accept-licence",
            paramLabel = "ID",
            split = ",",
            description = "Accepts the restricted licence of a model pack, as in --accept-licence" + " insightface.")
    private Set<String> acceptedLicences = new LinkedHashSet<>();

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
            names = "--target-fpir",
            paramLabel = "SHARE",
            description = "Share of strangers that may be taken for somebody seen before, however many people are"
                    + " stored (default: the calibration's, 0.01).")
    private @Nullable Double targetFpir;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration of the model pack, as 'paseo evaluate calibrate' writes it (default: the one"
                    + " that is shipped for the pack).")
    private @Nullable Path calibration;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Pictures looked at at the same time (default: one per core). Does not change the result.")
    private @Nullable Integer threads;

    @Option(names = "--quiet", description = "No progress and no notes: errors and the table only.")
    private boolean quiet;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(quiet);
        Run.Outcome outcome = new Run(settings(), terminal).execute();
        terminal.print(Summary.of(outcome.findings()));
        if (export != null) {
            terminal.print("export: " + export.toAbsolutePath().normalize() + "\n");
        }
        terminal.print("report: " + outcome.report() + "\n");
        return outcome.complete() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private RunSettings settings() {
        if (fps != null && !(fps > 0 && fps <= 1000)) {
            throw Refusal.usage("--fps takes a number above 0, up to 1000, not " + fps);
        }
        if (threads != null && (threads < 1 || threads > 256)) {
            throw Refusal.usage("--threads takes a number from 1 to 256, not " + threads);
        }
        if (targetFpir != null && !(targetFpir > 0 && targetFpir <= 0.5)) {
            throw Refusal.usage("--target-fpir takes a share above 0, up to 0.5, not " + targetFpir);
        }
        return new RunSettings(
                inputs,
                data.directory(),
                pack,
                acceptedLicences,
                fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps),
                threads == null ? OptionalInt.empty() : OptionalInt.of(threads),
                Optional.ofNullable(annotate),
                Optional.ofNullable(export),
                Optional.ofNullable(calibration),
                targetFpir == null ? OptionalDouble.empty() : OptionalDouble.of(targetFpir),
                servers.kafka(),
                servers.postgres(),
                servers.pgvector());
    }
}
