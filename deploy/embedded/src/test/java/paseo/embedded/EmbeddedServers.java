package paseo.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of its own for the tests that kill one: starts a server, prints where it is, and stays until its standard
 * input ends or it is killed. Arguments: {@code kafka DIR} or {@code postgres DIR INSTALL_DIR [PGVECTOR_DIR]}.
 */
final class EmbeddedServers {
    private EmbeddedServers() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "kafka" -> {
                try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[1]))) {
                    stay("READY " + kafka.bootstrapServers());
                }
            }
            case "postgres" -> {
                Optional<Path> pgvector = args.length > 3 ? Optional.of(Path.of(args[3])) : Optional.empty();
                try (EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Options(
                        Path.of(args[1]), Path.of(args[2]), pgvector, note -> System.out.println("NOTE " + note)))) {
                    stay("READY " + postgres.pid() + " " + postgres.jdbcUrl());
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void stay(String ready) throws IOException {
        System.out.println(ready);
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
