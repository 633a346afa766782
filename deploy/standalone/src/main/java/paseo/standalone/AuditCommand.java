package paseo.standalone;

import java.util.concurrent.Callable;
import paseo.matching.ApiDatabase;
import paseo.matching.AuditEntry;
import paseo.matching.AuditTrail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code paseo audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "List every search, correction and erasure, newest first.",
        subcommands = AuditCommand.Verify.class)
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private DatabaseOptions servers = new DatabaseOptions();

    @Option(names = "--last", paramLabel = "N", defaultValue = "100", description = "So many (default: 100).")
    private int last = 100;

    @Override
    public Integer call() {
        if (last < 1) {
            throw Refusal.usage("--last takes a number from 1 on, not " + last);
        }
        Terminal terminal = Terminal.standard(false);
        terminal.print(PeopleCommand.with(data, servers, terminal, settings -> {
            try (ApiDatabase database = ApiDatabase.open(settings)) {
                TextTable table = new TextTable("ENTRY", "AT", "BY", "ACTION", "SUBJECT", "OUTCOME");
                for (AuditEntry entry : database.audit().newest(Long.MAX_VALUE, last)) {
                    table.row(
                            Long.toString(entry.position()),
                            entry.at().toString(),
                            oneLine(entry.actor()),
                            entry.action(),
                            oneLine(entry.subject()),
                            oneLine(entry.outcome()));
                }
                return table.toString();
            }
        }));
        return ExitCodes.DONE;
    }

    /** A name that somebody chose must not look like lines of ours, or move the cursor. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** {@code paseo audit verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Look whether the audit trail is as it was written.",
            description = {
                "",
                "Each entry's hash covers the one before, so an entry that was changed or taken out shows. That the last"
                        + " ones were cut off shows only to whoever has noted an entry's number and hash, as the receipt"
                        + " of an erasure does.",
                "",
                "Exit code 1 when it is not."
            })
    static final class Verify implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            AuditTrail.Verification found = PeopleCommand.with(data, servers, terminal, settings -> {
                try (ApiDatabase database = ApiDatabase.open(settings)) {
                    return database.audit().verify();
                }
            });
            if (found.broken().isPresent()) {
                throw Refusal.failed(
                        "the audit trail does not hold at entry "
                                + found.broken().getAsLong() + " of " + found.entries()
                                + ": something was changed or taken out there",
                        null);
            }
            terminal.print("the audit trail holds: " + Progress.counted(found.entries(), "entry", "entries")
                    + (found.head().isEmpty() ? "" : ", head " + found.head()) + "\n");
            return ExitCodes.DONE;
        }
    }
}
