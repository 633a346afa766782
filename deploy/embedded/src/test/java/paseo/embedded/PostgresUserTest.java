package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresUserTest {
    @TempDir
    Path parent;

    /** Root's home is closed to others on most machines, and what Paseo keeps lies there. */
    @ParameterizedTest
    @EnumSource(
            value = PostgresUser.class,
            names = {"NAMESPACE", "NOBODY_LENT_READING", "NOBODY_LENT_ACCESS"})
    void getsIntoADirectoryThatIsClosedToOthers(PostgresUser user) throws Exception {
        assumeRoot();
        assumeThat(user.works()).as("%s works here", user).isTrue();
        Path own = Files.createDirectory(closed().resolve("own"));
        user.own(own);
        assertThat(user.firstClosed(closed(), own)).isEmpty();
        Path written = own.resolve("written");
        assertThat(run(user, List.of("touch", written.toString())).succeeded()).isTrue();
        assertThat(written).exists();
        // By access(2), as initdb looks for its programs.
        assertThat(run(user, List.of("find", written.toString(), "-readable")).output())
                .contains(written.toString());
        assertThat(run(user, List.of("id", "-u")).output().strip()).isNotEqualTo("0");
    }

    @Test
    void nobodyAloneDoesNot() throws Exception {
        assumeRoot();
        assumeThat(PostgresUser.NOBODY_BY_SETPRIV.works()).isTrue();
        assertThat(PostgresUser.NOBODY_BY_SETPRIV.firstClosed(closed())).contains(closed());
    }

    /** A namespace's root is itself only where files are root's. */
    @Test
    void aNamespaceDoesNotGetIntoSomebodyElsesHome() throws Exception {
        assumeRoot();
        assumeThat(PostgresUser.NAMESPACE.works()).isTrue();
        Path own = Files.createDirectory(closed().resolve("own"));
        Files.setAttribute(closed(), "unix:uid", 1);
        assertThat(PostgresUser.NAMESPACE.firstClosed(own)).contains(own);
        assumeThat(PostgresUser.NOBODY_LENT_READING.works() || PostgresUser.NOBODY_LENT_ACCESS.works())
                .isTrue();
        assertThat(PostgresUser.choose(own)).isIn(PostgresUser.NOBODY_LENT_READING, PostgresUser.NOBODY_LENT_ACCESS);
    }

    @Test
    void whoIsNotRootStaysWhoItIs() throws Exception {
        boolean root = isRoot();
        assertThat(PostgresUser.choose(parent) == PostgresUser.SELF).isEqualTo(!root);
    }

    private Path closed() throws IOException {
        Path closed = parent.resolve("closed");
        if (!Files.exists(closed)) {
            Files.createDirectory(
                    closed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return closed;
    }

    private Command.Ended run(PostgresUser user, List<String> line) throws IOException {
        return Command.of(Path.of("/"), Duration.ofSeconds(10), user.wrap(line)).run();
    }

    private static void assumeRoot() throws IOException {
        assumeThat(isRoot()).as("running as root").isTrue();
    }

    private static boolean isRoot() throws IOException {
        return Files.exists(Path.of("/proc/self"))
                && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
