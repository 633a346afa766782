package paseo.standalone;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import paseo.matching.ApiDatabase;
import paseo.matching.Exports;
import paseo.matching.ListFilter;
import paseo.matching.export.ExportFormat;
import paseo.matching.export.ExportedRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Write all sightings or all sequences as a table.",
        description = {
            "",
            "A sighting is a person at a camera from-to, after every correction. Sequences are all that was tracked, also"
                    + " what is in view or was nobody's. Oldest first; neither pictures nor vectors are in it.",
            ""
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    /** What can be exported. */
    enum Table {
        SIGHTINGS,
        SEQUENCES
    }

    @Parameters(index = "0", paramLabel = "sightings|sequences", description = "What to write.")
    private String table = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "Where to; - for standard output. Its ending says the format: csv, jsonl or parquet.")
    private String file = "";

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv, jsonl or parquet, whatever FILE ends with.")
    private @Nullable String format;

    @Option(names = "--camera", paramLabel = "ID", description = "Only what this camera or file has seen.")
    private @Nullable String camera;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was stored then or later, as 2026-05-01T12:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only what was stored before.")
    private @Nullable String until;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Override
    public Integer call() {
        Table wanted = table();
        ExportFormat written = format();
        ListFilter filter = new ListFilter(
                Optional.ofNullable(camera), time("--since", since), time("--until", until), Long.MAX_VALUE, 1);
        Terminal terminal = Terminal.standard(false);
        PeopleCommand.with(data, database, terminal, settings -> {
            try (ApiDatabase opened = ApiDatabase.open(settings)) {
                write(file, System.out, out -> write(opened.exports(), wanted, filter, written.to(out)));
                return true;
            }
        });
        if (!file.equals(STANDARD_OUTPUT)) {
            terminal.note(file + " is written");
        }
        return ExitCodes.DONE;
    }

    private Table table() {
        for (Table one : Table.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(table)) {
                return one;
            }
        }
        throw Refusal.usage("'" + table + "' cannot be exported: sightings and sequences can");
    }

    private ExportFormat format() {
        String word = format != null ? format : file.substring(file.lastIndexOf('.') + 1);
        try {
            return ExportFormat.of(file.equals(STANDARD_OUTPUT) && format == null ? "csv" : word);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("the format of " + file + " is not known: end it in .csv, .jsonl or .parquet, or say"
                    + " --format csv, jsonl or parquet");
        }
    }

    private static Optional<Instant> time(String option, @Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(given -> OffsetDateTime.parse(given).toInstant());
        } catch (DateTimeParseException e) {
            throw Refusal.usage(option + " takes a time as 2026-05-01T12:00Z or 2026-05-01T14:00+02:00, not " + text);
        }
    }

    /**
     * Under another name until it is whole; what is there and is no file, a device or a pipe, is written to.
     *
     * @throws Refusal if it cannot be written
     */
    static void write(String file, PrintStream standardOutput, Consumer<OutputStream> table) {
        try {
            if (file.equals(STANDARD_OUTPUT)) {
                OutputStream out = new BufferedOutputStream(standardOutput, 1 << 16);
                table.accept(out);
                out.flush();
                StandardOutput.requireTaken(standardOutput);
                return;
            }
            Path given = Path.of(file).toAbsolutePath();
            if (Files.isDirectory(given)) {
                throw Refusal.failed(file + " is a directory: name a file in it", null);
            }
            if (Files.exists(given) && !Files.isRegularFile(given)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(given), 1 << 16)) {
                    table.accept(out);
                }
                return;
            }
            // A link stays one: its file is what is written.
            Path target = Files.exists(given) ? given.toRealPath() : given;
            Path part = target.resolveSibling(target.getFileName() + ".part");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                table.accept(out);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(part);
                throw e;
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        } catch (UncheckedIOException e) {
            throw cannotWrite(file, Objects.requireNonNull(e.getCause()));
        }
    }

    private static Refusal cannotWrite(String file, IOException cause) {
        return Refusal.failed(
                file + " cannot be written (" + DataDirectory.reason(cause) + "): choose another place", cause);
    }

    private static void write(Exports exports, Table wanted, ListFilter filter, ExportedRows rows) {
        switch (wanted) {
            case SIGHTINGS -> exports.sightings(filter, rows);
            case SEQUENCES -> exports.sequences(filter, rows);
        }
        rows.end();
    }
}
