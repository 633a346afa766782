package paseo.standalone;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import paseo.matching.LedgerEntry;
import paseo.matching.RefusedRevisionException;
import paseo.matching.Revisions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What {@code paseo people} can put right, and take back. */
final class RevisionCommands {
    private RevisionCommands() {}

    /** {@code paseo people merge}. */
    @Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Say that two persons are one; the older number stays, the other one means it from now on.")
    static final class Merge extends Revision {
        @Parameters(index = "0", paramLabel = "N", description = "A person's number.")
        private long one;

        @Parameters(index = "1", paramLabel = "M", description = "The other one's.")
        private long other;

        @Override
        LedgerEntry revise(Revisions revisions) {
            return revisions.merge(one, other);
        }
    }

    /** {@code paseo people split}. */
    @Command(
            name = "split",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Say that a sequence is not of its person: it becomes a person of its own.")
    static final class Split extends Revision {
        @Parameters(paramLabel = "SEQUENCE", description = "The sequence's id, as exports and topics show it.")
        private UUID sequence = new UUID(0, 0);

        @Override
        LedgerEntry revise(Revisions revisions) {
            return revisions.split(sequence);
        }
    }

    /** {@code paseo people undo}. */
    @Command(
            name = "undo",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Undo an entry of the ledger, whoever made it.")
    static final class Undo extends Revision {
        @Parameters(paramLabel = "ENTRY", description = "Its number, see 'paseo people ledger'.")
        private long entry;

        @Override
        LedgerEntry revise(Revisions revisions) {
            return revisions.undo(entry);
        }
    }

    /** {@code paseo people ledger}. */
    @Command(
            name = "ledger",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "List what became known later about who is who.")
    static final class Ledger extends WithRevisions {
        @Override
        String say(Revisions revisions) {
            TextTable table = new TextTable("ENTRY", "", "FROM", "TO", "SEQUENCES", "CAUSE", "SIMILARITY", "UNDOES");
            for (LedgerEntry entry : revisions.ledger()) {
                table.row(
                        Long.toString(entry.position()),
                        lower(entry.kind()),
                        number(entry.from()),
                        number(entry.to()),
                        Integer.toString(entry.sequences().size()),
                        lower(entry.cause()),
                        entry.similarity().isPresent()
                                ? Column.decimal(entry.similarity().getAsDouble(), 2)
                                : "-",
                        number(entry.reverts()));
            }
            return table.toString();
        }
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
    }

    /** Says in a line what was done. */
    abstract static class Revision extends WithRevisions {
        abstract LedgerEntry revise(Revisions revisions);

        @Override
        String say(Revisions revisions) {
            LedgerEntry entry = revise(revisions);
            return "entry " + entry.position() + ": " + lower(entry.kind()) + ", "
                    + Progress.counted(entry.sequences().size(), "sequence", "sequences") + " from "
                    + somebody(entry.from()) + " to " + somebody(entry.to()) + "\n";
        }

        private static String somebody(OptionalLong person) {
            return person.isPresent() ? "person " + person.getAsLong() : "nobody";
        }
    }

    /** A command on the ledger of a data directory that no run is using, or of the user's own database. */
    abstract static class WithRevisions implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private DatabaseOptions servers = new DatabaseOptions();

        abstract String say(Revisions revisions);

        @Override
        public Integer call() {
            Terminal terminal = Terminal.standard(false);
            terminal.print(PeopleCommand.with(data, servers, terminal, database -> {
                try (Revisions revisions = Revisions.open(database)) {
                    return say(revisions);
                } catch (RefusedRevisionException e) {
                    throw Refusal.failed(String.valueOf(e.getMessage()), e);
                }
            }));
            return ExitCodes.DONE;
        }
    }
}
