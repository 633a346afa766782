package paseo.standalone;

import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import paseo.matching.GalleryStats;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code paseo gallery}. */
@Command(
        name = "gallery",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "How what people are compared with lies in the database.",
        subcommands = {GalleryCommand.Stats.class, ReembedCommand.class})
final class GalleryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine.usage(spec.commandLine(), System.err);
        return ExitCodes.USAGE;
    }

    /** {@code paseo gallery stats}. */
    @Command(
            name = "stats",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Show packs, partitions, sizes, indexes, and whether searches find what they should.",
            description = {
                "",
                "Templates lie in partitions by model pack and age. The one being written to is open and compared in"
                        + " full. One that nothing more comes to is sealed, and indexed in the background if it is large"
                        + " enough to gain from it.",
                "",
                "Where there are indexes, an audit looks up some templates both ways, after each new index and every"
                        + " six hours: recall is the share of the ten nearest that the search found."
            })
    static final class Stats implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            terminal.print(describe(PeopleCommand.with(data, servers, terminal, GalleryStats::of)));
            return ExitCodes.DONE;
        }
    }

    static String describe(GalleryStats stats) {
        if (stats.packs().isEmpty()) {
            return "the gallery is empty\n";
        }
        StringBuilder text = new StringBuilder();
        for (GalleryStats.Pack pack : stats.packs()) {
            text.append(text.isEmpty() ? "" : "\n").append(describe(pack));
        }
        return text.toString();
    }

    private static String describe(GalleryStats.Pack pack) {
        TextTable table = new TextTable("PARTITION", "SINCE", "TEMPLATES", "SIZE", "INDEX", "STATE");
        for (GalleryStats.Partition partition : pack.partitions()) {
            table.row(
                    partition.table(),
                    partition
                            .since()
                            .map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString())
                            .orElse("–"),
                    String.format(Locale.ROOT, "%,d", partition.templates()),
                    size(partition.bytes()),
                    partition.indexBytes() == 0 ? "–" : size(partition.indexBytes()),
                    partition.state().name().toLowerCase(Locale.ROOT));
        }
        String headline = String.format(
                Locale.ROOT,
                "%s: %,d persons, %,d templates of %d numbers%n",
                pack.name(),
                pack.persons(),
                pack.templates(),
                pack.dimension());
        String audit = pack.audit()
                .map(found -> String.format(
                        Locale.ROOT,
                        "recall %.3f of the ten nearest (%d looked up, %s); a search %.1f ms, everything %.1f ms%n",
                        found.recall(),
                        found.probes(),
                        found.at().truncatedTo(ChronoUnit.SECONDS),
                        found.searchMillis(),
                        found.exactMillis()))
                .orElse("recall 1: everything is compared\n");
        return headline + table + audit;
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
