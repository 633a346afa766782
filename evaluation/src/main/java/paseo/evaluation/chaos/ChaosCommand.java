package paseo.evaluation.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.standalone.SampleStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs all services over a few clips again and again, each time with other faults, and looks what became of it. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Kills, pauses, restarts and cuts off the services, the broker and PostgreSQL while they look at "
                    + "four small clips, at random times and at chosen points of their code; then looks in tables and "
                    + "topics whether anything was lost, doubled or mixed up, compared with a run that nothing disturbed. "
                    + "Seven processes, some half a minute a seed on two cores.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost, doubled or mixed up",
            "1:something was; see what is printed",
            "2:wrong usage"
        })
public final class ChaosCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats one trial.")
    private @Nullable Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "FROM-TO",
            defaultValue = "1-5",
            description = "One trial each. Default: ${DEFAULT-VALUE}.")
    private String seeds = "";

    @Option(
            names = "--brokers",
            paramLabel = "1|3",
            defaultValue = "1",
            description = "Of three, one goes at a time, and nothing should stand still. Default: ${DEFAULT-VALUE}.")
    private int brokers;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Leave the logs of trials that went wrong there, in a new directory. Default: a temporary one."
                            + " It is named in the end.")
    private @Nullable Path keep;

    @Option(
            names = "--earlier",
            paramLabel = "JAR",
            description = "An earlier Paseo's deploy/standalone/target/paseo.jar: the second process of each service"
                    + " runs it, beside this one on the same topics and tables, as during an upgrade.")
    private @Nullable Path earlier;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (brokers != 1 && brokers != 3) {
            throw usage("--brokers: 1 or 3, not " + brokers);
        }
        if (earlier != null && !Files.isRegularFile(earlier)) {
            throw usage("--earlier: there is no file " + earlier);
        }
        Programs programs = new Programs(Optional.ofNullable(earlier).map(Path::toAbsolutePath));
        long[] wanted = seed == null ? range() : new long[] {seed};
        List<List<Path>> videos = videos();
        // A directory of its own: what is in the given one is neither used nor deleted.
        Path root = keep == null
                ? Files.createTempDirectory("paseo-chaos")
                : Files.createTempDirectory(Files.createDirectories(keep), "chaos");
        List<Long> failed = new ArrayList<>();
        // Ctrl-C must not leave seven services behind that wait for a broker.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "stop"));
        try (Servers servers = new Servers(root, brokers == 3 ? new ThreeBrokers() : new OneBroker())) {
            Undisturbed undisturbed = undisturbed(servers, root.resolve("undisturbed"), videos);
            for (long each : wanted) {
                if (!holds(servers, root.resolve("seed-" + each), videos, undisturbed, each, programs)) {
                    failed.add(each);
                }
            }
        }
        if (failed.isEmpty()) {
            delete(root);
            System.out.println(wanted.length + " of " + wanted.length + " trials: nothing lost, doubled or mixed up");
            return 0;
        }
        System.out.println((wanted.length - failed.size()) + " of " + wanted.length + " trials passed; failed: "
                + failed + "; logs in " + root);
        return 1;
    }

    /**
     * A trial in which nothing goes wrong.
     *
     * @param detections records on their topic
     */
    private record Undisturbed(Evidence evidence, long detections) {}

    private static Undisturbed undisturbed(Servers servers, Path logs, List<List<Path>> videos)
            throws IOException, SQLException, InterruptedException {
        Files.createDirectories(logs);
        try (Trial trial = new Trial(servers, logs, videos, Schedule.quiet(), 0)) {
            List<String> faults = trial.run();
            Evidence evidence = trial.evidence();
            if (!faults.isEmpty() || !evidence.faults().isEmpty()) {
                throw new IOException(
                        "an undisturbed run went wrong: " + faults + evidence.faults() + "; logs in " + logs);
            }
            System.out.println("undisturbed: " + evidence.people().size() + " people, "
                    + evidence.closings().size() + " sequences, " + trial.detections() + " frames");
            return new Undisturbed(evidence, trial.detections());
        }
    }

    private static boolean holds(
            Servers servers, Path logs, List<List<Path>> videos, Undisturbed undisturbed, long seed, Programs programs)
            throws IOException, SQLException, InterruptedException {
        Schedule schedule = Schedule.of(seed);
        Files.createDirectories(logs);
        long start = System.nanoTime();
        List<String> violations;
        try (Trial trial = new Trial(servers, logs, videos, schedule, undisturbed.detections(), programs)) {
            violations = new ArrayList<>(trial.run());
            violations.addAll(trial.evidence().violations(undisturbed.evidence()));
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: %s, %.0f s, %d starts; %s %s%n",
                    seed,
                    violations.isEmpty() ? "holds" : "VIOLATED",
                    (System.nanoTime() - start) / 1e9,
                    trial.starts(),
                    schedule.armed().values(),
                    schedule.timed());
        }
        violations.forEach(violation -> System.out.println("  " + violation));
        if (violations.isEmpty()) {
            delete(logs);
        }
        return violations.isEmpty();
    }

    private long[] range() {
        String[] parts = seeds.split("-", 2);
        try {
            long from = Long.parseLong(parts[0]);
            long to = Long.parseLong(parts[parts.length - 1]);
            if (from <= to) {
                return LongStream.rangeClosed(from, to).toArray();
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw usage("--seeds: give a range of whole numbers such as 1-20, not " + seeds);
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /** Two of the demonstration's clips for each of two producers; people come back from one to the other. */
    private static List<List<Path>> videos() {
        SampleStore store = SampleStore.standard();
        List<Path> clips = SampleStore.demonstration().stream()
                .filter(sample ->
                        sample.name().startsWith("head-pose") || sample.name().contains("pause"))
                .map(sample -> store.locate(sample, System.err::println))
                .toList();
        return List.of(clips.subList(0, clips.size() / 2), clips.subList(clips.size() / 2, clips.size()));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
