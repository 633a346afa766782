package paseo.evaluation.tracking;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scoring.Bootstrap;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.TrackingCounts;
import paseo.evaluation.scoring.TrackingScore;
import paseo.evaluation.tracking.Recording.Tracked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trackers side by side on recorded boxes with known identities. */
@Command(
        name = "tracks",
        mixinStandardHelpOptions = true,
        description = {
            "Follows recorded boxes with plain overlap, SORT and Paseo's tracker, and scores each against the truth.",
            "No pictures are used: this is what position alone can do. Results of other trackers that lie beside the"
                    + " truth are scored too."
        })
public final class TracksCommand implements Callable<Integer> {
    private static final List<BoxTracker> TRACKERS =
            List.of(new OverlapTracker(), new SortTracker(), new PaseoTracker());
    private static final int MICRO = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--mot",
            paramLabel = "DIR",
            description =
                    "A sequence in MOTChallenge's layout: gt.txt; detections det*.txt; results in other .txt files.")
    private List<Path> mot = List.of();

    @Option(names = "--ltft", paramLabel = "FILE", description = "Face tracks of the LTFT set.")
    private List<Path> ltft = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    @Option(names = "--seed", defaultValue = "1", description = "Of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** One tracker on one sequence. */
    private record Row(Recording recording, String method, List<List<Tracked>> tracked, TrackingCounts counts) {
        static Row of(Recording recording, String method, List<List<Tracked>> tracked) {
            return new Row(recording, method, tracked, TrackingCounts.of(recording.with(tracked)));
        }

        double switchesPerMinute() {
            return counts.score().switches() / recording.minutes();
        }

        long tracks() {
            return tracked.stream()
                    .flatMap(List::stream)
                    .map(Tracked::track)
                    .distinct()
                    .count();
        }
    }

    @Override
    public Integer call() throws IOException {
        if (mot.isEmpty() && ltft.isEmpty() && spec != null) {
            throw new ParameterException(spec.commandLine(), "nothing to follow: give --mot DIR or --ltft FILE");
        }
        List<Row> rows = new ArrayList<>();
        printHeader();
        for (Path directory : mot) {
            for (Row row : rows(MotDirectory.of(directory), directory)) {
                rows.add(row);
                print(row);
            }
        }
        for (Path file : ltft) {
            Recording recording = LtftFile.read(file);
            for (BoxTracker tracker : TRACKERS) {
                Row row = Row.of(recording, tracker.name(), tracker.follow(recording));
                rows.add(row);
                print(row);
            }
        }
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            List<Map<String, @Nullable Object>> values =
                    rows.stream().map(this::json).toList();
            Files.writeString(json, mapper.writeValueAsString(values) + "\n");
        }
        return 0;
    }

    private static List<Row> rows(MotDirectory sequence, Path directory) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Path detections : sequence.detectionFiles()) {
            Recording recording = sequence.recording(detections);
            for (BoxTracker tracker : TRACKERS) {
                rows.add(Row.of(recording, tracker.name(), tracker.follow(recording)));
            }
        }
        Recording truth = sequence.recording();
        for (Path result : sequence.resultFiles()) {
            rows.add(Row.of(truth, directory.relativize(result).toString(), MotDirectory.result(result, truth)));
        }
        if (rows.isEmpty()) {
            throw new IOException(directory + ": beside the truth there are neither detections nor results");
        }
        return rows;
    }

    private static void printHeader() {
        System.out.printf(
                "%-16s %-16s %6s %6s %6s %6s %8s %9s %7s %7s %6s%n",
                "SEQUENCE",
                "TRACKER",
                "IDF1",
                "HOTA",
                "MOTA",
                "AssA",
                "SWITCHES",
                "FRAGMENTS",
                "RECALL",
                "PRECIS.",
                "TRACKS");
    }

    private static void print(Row row) {
        TrackingScore score = row.counts().score();
        System.out.printf(
                Locale.ROOT,
                "%-16s %-16s %6s %6s %6s %6s %8.0f %9.0f %7s %7s %6d%n",
                row.recording().name(),
                row.method(),
                cell(score.idf1()),
                cell(score.hota()),
                cell(score.mota()),
                cell(score.assA()),
                score.switches(),
                score.fragments(),
                cell(score.recall()),
                cell(score.precision()),
                row.tracks());
    }

    private static String cell(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "-";
    }

    private Map<String, @Nullable Object> json(Row row) {
        TrackingCounts counts = row.counts();
        TrackingScore score = counts.score();
        Bootstrap bootstrap = Bootstrap.byPerson(counts.units(), seed);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("sequence", row.recording().name());
        values.put("tracker", row.method());
        put(values, "idf1", counts.estimate(bootstrap, TrackingScore::idf1));
        put(values, "hota", counts.estimate(bootstrap, TrackingScore::hota));
        put(values, "mota", counts.estimate(bootstrap, TrackingScore::mota));
        values.put("idp", rounded(score.idp()));
        values.put("idr", rounded(score.idr()));
        values.put("deta", rounded(score.detA()));
        values.put("assa", rounded(score.assA()));
        values.put("recall", rounded(score.recall()));
        values.put("precision", rounded(score.precision()));
        values.put("false_positives", Math.round(score.falsePositives()));
        values.put("false_negatives", Math.round(score.falseNegatives()));
        values.put("switches", Math.round(score.switches()));
        values.put("switches_per_minute", rounded(row.switchesPerMinute()));
        values.put("fragments", Math.round(score.fragments()));
        values.put("persons", row.recording().persons().size());
        values.put("tracks", row.tracks());
        return values;
    }

    private static void put(Map<String, @Nullable Object> values, String key, Estimate estimate) {
        if (estimate instanceof Estimate.Known known) {
            values.put(key, rounded(known.value()));
            values.put(key + "_ci", new @Nullable Double[] {rounded(known.low()), rounded(known.high())});
        } else if (estimate instanceof Estimate.Unknown unknown) {
            values.put(key + "_note", unknown.why());
        }
    }

    /** Null where there was nothing to divide by, which JSON has no number for. */
    private static @Nullable Double rounded(double value) {
        return Double.isFinite(value) ? (double) Math.round(value * MICRO) / MICRO : null;
    }
}
