package paseo.standalone;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import paseo.matching.ApiDatabase;
import paseo.matching.Erasure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How {@code paseo people} forgets somebody, and goes on doing so. */
final class ErasureCommands {
    private static final String ACTOR = "command line";

    private ErasureCommands() {}

    /** Erases a person, after a question. */
    private abstract static class Erasing implements Callable<Integer> {
        @Parameters(paramLabel = "N", description = "The person's number.")
        long person;

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        /** What is to be confirmed. */
        abstract String question();

        abstract Optional<Erasure.Receipt> erase(Erasure erasure);

        @Override
        public Integer call() {
            if (!yes && !confirmed()) {
                System.out.println("nothing was erased");
                return ExitCodes.FAILED;
            }
            Terminal terminal = Terminal.standard(false);
            PeopleCommand.with(data, servers, terminal, (directory, settings) -> {
                try (ApiDatabase database = ApiDatabase.open(settings)) {
                    Erasure erasure = database.erasure(ACTOR);
                    List<byte[]> pictures = erasure.pictures(person);
                    Erasure.Receipt receipt =
                            erase(erasure).orElseThrow(() -> Refusal.failed("there is no person " + person, null));
                    // First of all: whatever becomes of the rest, this is done.
                    terminal.print(text(receipt));
                    terminal.print(rest(directory, database, pictures, receipt));
                    return receipt;
                }
            });
            return ExitCodes.DONE;
        }

        private static String text(Erasure.Receipt receipt) {
            return "erased at " + receipt.at() + ": person "
                    + receipt.numbers().stream().map(String::valueOf).collect(Collectors.joining(", ")) + "\n"
                    + Progress.counted(receipt.sequences(), "sequence", "sequences") + ", "
                    + Progress.counted(receipt.faces(), "face", "faces") + ", "
                    + Progress.counted(receipt.templates(), "vector", "vectors") + "\n"
                    + "audit entry " + receipt.audit() + ", hash " + receipt.hash() + "\n";
        }

        /** What became of everything else. */
        private static String rest(
                Optional<DataDirectory> directory,
                ApiDatabase database,
                List<byte[]> pictures,
                Erasure.Receipt receipt) {
            List<String> said = new ArrayList<>();
            database.purge().keys();
            said.add(Progress.counted(receipt.keys(), "key", "keys")
                    + " deleted: what copies of the database made before hold of it cannot be read any more, provided that"
                    + " they hold no keys and no unlogged tables");
            if (directory.isPresent()) {
                said.addAll(new Leftovers(directory.get(), database.purge()).remove(pictures));
            } else {
                said.add("a running matcher deletes what the topics hold of it when that is consumed, and writes small"
                        + " tables anew; 'paseo people purge' writes all of them");
                said.add("reports of runs on this database, in reports/ of their --data, may show such pictures, and"
                        + " videos that an unfinished one has fetched are in downloads/ there: delete these by hand");
                said.add("topics hold nothing of it from " + receipt.topicsClearBy() + " on, whatever runs");
            }
            said.add(
                    "exports and annotated videos that were written elsewhere are not known here, nor are copies of the"
                            + " keys");
            return said.stream().map(line -> line + "\n").collect(Collectors.joining());
        }

        private boolean confirmed() {
            System.out.print(question() + " [y/N] ");
            System.out.flush();
            Scanner answers = new Scanner(System.in, StandardCharsets.UTF_8);
            if (!answers.hasNextLine()) {
                throw Refusal.usage("nobody can be asked here: give --yes to erase person " + person);
            }
            return answers.nextLine().strip().equalsIgnoreCase("y");
        }
    }

    /** {@code paseo people erase}. */
    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Erase a person: every sequence, face, vector and picture of theirs.",
            description = {
                "",
                "Cannot be undone. The number is not given to anybody else. What is printed is the receipt: what is gone,"
                        + " from the files, too, and what is not. The next run tells the readers of the topics.",
                ""
            })
    static final class Erase extends Erasing {
        @Override
        String question() {
            return "Erase person " + person + " for ever?";
        }

        @Override
        Optional<Erasure.Receipt> erase(Erasure erasure) {
            return erasure.person(person);
        }
    }

    /** {@code paseo people opt-out}. */
    @Command(
            name = "opt-out",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header =
                    "Erase a person and keep nothing of them from now on: who is recognised as them is dropped and counted.",
            description = {
                "",
                "Vectors stay by which they are recognised, without pictures and without anything that leads to what was"
                        + " erased. 'opt-outs' lists the entries, 'opt-in ENTRY' takes one back; what was dropped"
                        + " meanwhile does not come back.",
                ""
            })
    static final class OptOut extends Erasing {
        @Override
        String question() {
            return "Erase person " + person + " for ever, and keep nothing of them from now on?";
        }

        @Override
        Optional<Erasure.Receipt> erase(Erasure erasure) {
            return erasure.optOut(person);
        }
    }

    /** {@code paseo people purge}. */
    @Command(
            name = "purge",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Remove from the files what erasures had to leave there.",
            description = {
                "",
                "'erase' and 'opt-out' do so themselves on a data directory, unless a run was stopped and is not over."
                        + " Erasing in the page leaves it to the matcher, which cannot do all of it while it runs.",
                "With --postgres: writes the tables anew, large ones, too, each of which nobody can use meanwhile.",
                ""
            })
    static final class PurgeFiles implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            PeopleCommand.with(data, servers, terminal, (directory, settings) -> {
                try (ApiDatabase database = ApiDatabase.open(settings)) {
                    List<String> said = directory
                            .map(ours -> new Leftovers(ours, database.purge()).remove(List.of()))
                            .orElseGet(() -> List.of(Leftovers.ofTables(database.purge())
                                    .orElse("the database's tables are written anew; what topics hold of it, a running"
                                            + " matcher deletes")));
                    said.forEach(line -> terminal.print(line + "\n"));
                    return said;
                }
            });
            return ExitCodes.DONE;
        }
    }

    /** {@code paseo people opt-outs}. */
    @Command(
            name = "opt-outs",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "List those of whom nothing is kept, by entry.")
    static final class OptOuts implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            terminal.print(PeopleCommand.with(data, servers, terminal, settings -> {
                try (ApiDatabase database = ApiDatabase.open(settings)) {
                    return database.erasure(ACTOR).optOuts().stream()
                            .map(entry -> "entry " + entry.entry() + " since " + entry.since() + "\n")
                            .collect(Collectors.joining());
                }
            }));
            return ExitCodes.DONE;
        }
    }

    /** {@code paseo people opt-in}. */
    @Command(
            name = "opt-in",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Take an opt-out back: from now on this is a person like any other.")
    static final class OptIn implements Callable<Integer> {
        @Parameters(paramLabel = "ENTRY", description = "The entry, see 'paseo people opt-outs'.")
        private long entry;

        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            boolean there = PeopleCommand.with(data, servers, terminal, settings -> {
                try (ApiDatabase database = ApiDatabase.open(settings)) {
                    return database.erasure(ACTOR).optIn(entry);
                }
            });
            if (!there) {
                throw Refusal.failed("there is no entry " + entry + "; 'paseo people opt-outs' lists them", null);
            }
            terminal.print("entry " + entry + " was taken back\n");
            return ExitCodes.DONE;
        }
    }
}
