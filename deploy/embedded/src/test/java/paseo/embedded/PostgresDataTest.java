package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for the server of a killed process; the stop itself is for the test with a real one. */
class PostgresDataTest {
    @TempDir
    Path parent;

    private PostgresInstallation server;
    private Path cluster;
    private Path pidFile;
    private Path stopped;
    private @Nullable Process leftover;

    @BeforeEach
    void start() throws IOException {
        assumeThat(Path.of("/proc/self/cwd")).exists();
        cluster = Files.createDirectories(parent.resolve("real/data"));
        pidFile = cluster.resolve("postmaster.pid");
        stopped = parent.resolve("stopped");
        server = new PostgresInstallation(parent.resolve("programs"));
        Files.createDirectories(server.program("pg_ctl").getParent());
        Files.writeString(server.program("pg_ctl"), "#!/bin/sh\ntouch " + stopped + "\n");
        Files.setPosixFilePermissions(server.program("pg_ctl"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void end() {
        if (leftover != null) {
            leftover.destroyForcibly();
        }
    }

    @Test
    void knowsItsServerByWhateverWayItCameToTheData() throws Exception {
        runs("postgres -D elsewhere", cluster);
        Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("real"));
        new PostgresData(link).stopLeftover(server, PostgresUser.SELF);
        assertThat(stopped).exists();
        assertThat(pidFile).exists();
    }

    @Test
    void forgetsAServerOfOtherDataAndOtherProgramsInThese() throws Exception {
        Path other = Files.createDirectory(parent.resolve("other"));
        for (boolean postgres : List.of(true, false)) {
            runs(postgres ? "postgres -D elsewhere" : "editor", postgres ? other : cluster);
            new PostgresData(parent.resolve("real")).stopLeftover(server, PostgresUser.SELF);
            assertThat(stopped).doesNotExist();
            assertThat(pidFile).doesNotExist();
            end();
        }
    }

    @Test
    void withoutAProcessIdFileNothingIsLeftOver() throws Exception {
        new PostgresData(parent.resolve("real")).stopLeftover(server, PostgresUser.SELF);
        assertThat(stopped).doesNotExist();
    }

    /** Waits for its standard input; its command line says what it is taken for. */
    private void runs(String name, Path directory) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "read line # " + name)
                .directory(directory.toFile())
                .start();
        leftover = process;
        Files.writeString(pidFile, process.pid() + "\n");
    }
}
