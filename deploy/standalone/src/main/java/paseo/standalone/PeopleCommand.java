package paseo.standalone;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import paseo.embedded.EmbeddedPostgres;
import paseo.matching.Archive;
import paseo.matching.DatabaseSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code paseo people}. */
@Command(
        name = "people",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "List everybody who was ever seen, or show one of them.",
        description = {"", "A person is a number; there are no names.", ""},
        subcommands = {
            PeopleCommand.Show.class,
            RevisionCommands.Merge.class,
            RevisionCommands.Split.class,
            RevisionCommands.Undo.class,
            RevisionCommands.Ledger.class,
            ErasureCommands.Erase.class,
            ErasureCommands.OptOut.class,
            ErasureCommands.OptOuts.class,
            ErasureCommands.OptIn.class,
            ErasureCommands.PurgeFiles.class
        })
final class PeopleCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(false);
        terminal.print(read(data, database, terminal, reader -> Summary.everybody(reader.everybody())));
        return ExitCodes.DONE;
    }

    /** {@code paseo people show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Show where and when a person was seen, and how alike the sequences are.")
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "N", description = "The person's number.")
        private long number;

        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions database = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            Optional<String> description = read(data, database, terminal, reader -> reader.describe(number));
            if (description.isEmpty()) {
                throw Refusal.failed("there is no person " + number + "; 'paseo people' lists everybody", null);
            }
            terminal.print(description.get());
            return ExitCodes.DONE;
        }
    }

    private static <T> T read(
            DataOption option, DatabaseOptions options, Terminal terminal, Function<FindingsReader, T> question) {
        return with(option, options, terminal, database -> {
            try (Archive archive = Archive.open(database)) {
                return question.apply(new FindingsReader(archive));
            }
        });
    }

    /** Does something with the database: the user's own, or the one in the data directory. */
    static <T> T with(
            DataOption option, DatabaseOptions options, Terminal terminal, Function<DatabaseSettings, T> task) {
        return with(option, options, terminal, (data, database) -> task.apply(database));
    }

    /** The same for whoever must know whether the database is in a data directory, and in which. */
    static <T> T with(
            DataOption option,
            DatabaseOptions options,
            Terminal terminal,
            BiFunction<Optional<DataDirectory>, DatabaseSettings, T> task) {
        Optional<DatabaseSettings> postgres = options.postgres();
        if (postgres.isPresent()) {
            return task.apply(Optional.empty(), postgres.get());
        }
        DataDirectory.requireUsed(option.directory());
        try (DataDirectory data = DataDirectory.open(option.directory())) {
            LogFile.open(data.log());
            try (EmbeddedPostgres embedded = Servers.postgresIn(data, options.pgvector(), terminal::note)) {
                return task.apply(Optional.of(data), Servers.settings(embedded));
            }
        }
    }
}
