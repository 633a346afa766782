package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedPostgres;
import paseo.matching.ApiDatabase;

/** What an erasure leaves to be done on topics, where these may be in a Kafka that is elsewhere. */
class LeftoversIT {
    @TempDir
    Path directory;

    @Test
    void whatIsWishedOfAnotherKafkasTopicsStaysWished() throws IOException, SQLException {
        try (DataDirectory data = DataDirectory.open(directory);
                EmbeddedPostgres postgres = Servers.postgresIn(data, Optional.empty(), note -> {});
                ApiDatabase database = ApiDatabase.open(Servers.settings(postgres));
                Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO topic_wish (due) VALUES (now())");
            Leftovers leftovers = new Leftovers(data, database.purge());

            data.noteOtherKafka();
            assertThat(leftovers.remove(List.of())).last().asString().contains("has to be on that one");
            assertThat(wishes(statement)).isEqualTo(1);

            Files.delete(directory.resolve("other-kafka"));
            assertThat(leftovers.remove(List.of()))
                    .last()
                    .isEqualTo("nothing of it is left in Kafka's files or the tracker's");
            assertThat(wishes(statement)).isZero();
        }
    }

    private static long wishes(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM topic_wish")) {
            row.next();
            return row.getLong(1);
        }
    }
}
