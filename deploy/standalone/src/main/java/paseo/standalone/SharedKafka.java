package paseo.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the embedded Kafka of a data directory listens while a command runs on it, so that another command can talk to
 * it: a file with address and process id. It counts as long as the directory is in use.
 */
public final class SharedKafka {
    private static final String FILE = "kafka-address";

    private final Optional<Path> file;

    private SharedKafka(Optional<Path> file) {
        this.file = file;
    }

    /** Nothing to announce. */
    static SharedKafka none() {
        return new SharedKafka(Optional.empty());
    }

    /** Says where it listens until {@link #withdraw}. */
    static SharedKafka announce(DataDirectory data, String bootstrapServers) {
        Path file = data.root().resolve(FILE);
        try {
            Files.writeString(
                    file, bootstrapServers + "\n" + ProcessHandle.current().pid() + "\n");
            return new SharedKafka(Optional.of(file));
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file + " (" + DataDirectory.reason(e) + ")", e);
        }
    }

    /** Where the Kafka of a running command listens; empty when none runs. */
    public static Optional<String> of(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            // The number of a process that was killed may be another's by now; in a container it is always 1.
            boolean runs =
                    lines.size() == 2 && isAlive(Long.parseLong(lines.get(1))) && DataDirectory.isInUse(dataDirectory);
            return runs ? Optional.of(lines.get(0)) : Optional.empty();
        } catch (NoSuchFileException e) {
            // Withdrawn meanwhile.
            return Optional.empty();
        } catch (IOException e) {
            throw Refusal.failed("cannot read " + file + " (" + DataDirectory.reason(e) + ")", e);
        } catch (NumberFormatException e) {
            // Cut off by a full disk.
            return Optional.empty();
        }
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Nobody is to come any more. */
    void withdraw() {
        file.ifPresent(announced -> {
            try {
                Files.deleteIfExists(announced);
            } catch (IOException e) {
                throw Refusal.failed("cannot delete " + announced + " (" + DataDirectory.reason(e) + ")", e);
            }
        });
    }
}
