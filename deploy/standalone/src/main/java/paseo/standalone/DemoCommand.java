package paseo.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code paseo demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "See people come back from clip to clip, without a video at hand.",
        description = {
            "",
            "Runs six small sample clips as six videos. They are looked for in $PASEO_SAMPLES, samples/,"
                    + " ../shared/videos/preview and $PASEO_HOME/samples, else fetched from Intel's sample-videos"
                    + " repository (10 MB) and checked against their SHA-256.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private static final String DIRECTORY = "demo";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where people, faces and topics are remembered (default: $PASEO_HOME/demo, apart from those"
                    + " of your own videos).")
    private @Nullable Path data;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Option(names = "--quiet", description = "No progress and no notes: errors and the table only.")
    private boolean quiet;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(quiet);
        SampleStore store = SampleStore.standard();
        List<Path> clips = SampleStore.demonstration().stream()
                .map(sample -> store.locate(sample, terminal::note))
                .toList();
        Path directory = data == null ? Homes.paseo().resolve(DIRECTORY) : data;
        RunSettings settings = RunSettings.of(
                clips.stream().map(Path::toString).toList(), directory, database.postgres(), database.pgvector());
        Run.Outcome outcome = new Run(settings, terminal).execute();
        Findings findings = outcome.findings();
        terminal.print(Summary.of(findings));
        terminal.print(comeBack(findings) + "\n");
        terminal.print("report: " + outcome.report() + "\n");
        terminal.print("videos: " + SampleStore.ATTRIBUTION + "\n\n");
        terminal.print("Try next:\n");
        String quoted = directory.toString().contains(" ") ? "'" + directory + "'" : directory.toString();
        terminal.print("  ./paseo people --data " + quoted + "\n");
        terminal.print("  ./paseo people show 1 --data " + quoted + "\n");
        terminal.print("  ./paseo tail sightings --data " + quoted + "\n");
        terminal.print("  ./paseo run YOUR-VIDEO.mp4 --annotate annotated.mp4 --export out\n");
        return outcome.complete() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** Who is in more than one clip, in a line each. */
    private static String comeBack(Findings findings) {
        StringBuilder text = new StringBuilder();
        for (Findings.PersonFound person : findings.people()) {
            long clips = findings.sequencesOf(person.number()).stream()
                    .map(Findings.SequenceFound::camera)
                    .distinct()
                    .count();
            if (clips > 1) {
                text.append("person ")
                        .append(person.number())
                        .append(" comes back: seen in ")
                        .append(clips)
                        .append(" clips\n");
            }
        }
        return text.toString();
    }
}
