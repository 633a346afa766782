package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import paseo.matching.DatabaseSettings;
import picocli.CommandLine;

class DatabaseAddressTest {
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void credentialsMoveOutOfTheAddress() {
        DatabaseSettings settings = DatabaseAddress.parse(
                "--postgres", "postgresql://me:p%40ss+w@db.example:5433/faces?sslmode=require", NOTHING);
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:5433/faces?sslmode=require");
        assertThat(settings.user()).isEqualTo("me");
        assertThat(settings.password()).isEqualTo("p@ss+w");
    }

    @Test
    void theEnvironmentFillsInWhatIsMissing() {
        Map<String, String> environment = Map.of("PGUSER", "other", "PGPASSWORD", "secret");
        assertThat(DatabaseAddress.parse("--postgres", "jdbc:postgresql://me@localhost/faces", environment))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://localhost/faces", "me", "secret"));
        assertThat(DatabaseAddress.parse("--postgres", "postgres://localhost/faces", environment))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://localhost/faces", "other", "secret"));
    }

    @Test
    void keysNeedADatabaseOfTheUsersOwn() {
        assertThat(keys("--postgres", "postgresql://me:pw@db/faces", "--keys-postgres", "postgresql://vault/keys"))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://vault/keys", "me", "pw"));
        assertThat(keys(
                        "--postgres",
                        "postgresql://me:pw@db/faces",
                        "--keys-postgres",
                        "postgresql://you:its@vault/keys"))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://vault/keys", "you", "its"));
        assertThatThrownBy(() -> keys("--keys-postgres", "postgresql://vault/keys"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--keys-postgres needs --postgres");
        assertThatThrownBy(() -> keys("--postgres", "postgresql://db/faces", "--keys-postgres", "vault"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--keys-postgres takes an address");
    }

    private static DatabaseSettings keys(String... arguments) {
        DatabaseOptions options = CommandLine.populateCommand(new DatabaseOptions(), arguments);
        return options.postgres().flatMap(DatabaseSettings::keys).orElseThrow();
    }

    @Test
    void anythingElseIsAUsageErrorWithoutTheAddress() {
        assertThatThrownBy(() -> DatabaseAddress.parse("--postgres", "mysql://me:secret@localhost/faces", NOTHING))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--postgres")
                .hasMessageNotContaining("secret");
    }
}
