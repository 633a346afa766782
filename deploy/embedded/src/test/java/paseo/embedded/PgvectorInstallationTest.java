package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgvectorInstallationTest {
    private static final Path LIBRARY = Path.of("/usr/lib/postgresql/17/lib/vector.so");

    @Test
    void whatLoadsAndCountsIsTaken() {
        assertThatCode(() -> judge(0, "backend> \t 1: ?column? = \"-11\"\t(typeid = 701)\n"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "could not load library \"/x/vector.so\": /lib/libm.so.6: version `GLIBC_2.38' not found",
                "could not load library \"/x/vector.so\": /x/vector.so: file too short",
                "incompatible library \"/x/vector.so\": version mismatch",
                "incompatible library \"/x/vector.so\": missing magic block"
            })
    void whatTheServerCannotLoadDoesNotFit(String complaint) {
        assertThatThrownBy(() -> judge(0, "1970-01-01 00:00:00 UTC [7] ERROR:  " + complaint + "\n"))
                .isInstanceOf(PgvectorInstallation.DoesNotLoad.class)
                .hasMessageStartingWith(LIBRARY + " does not load in PostgreSQL ")
                .hasMessageNotContaining("could not load library");
    }

    @Test
    void aFaultOfTheTrialSaysNothingOfTheLibrary() {
        String unloadable = "ERROR:  could not load library \"/x/vector.so\": it was killed meanwhile\n";
        assertPassing(Command.Ended.TIMED_OUT, "no answer within 60 s");
        assertPassing(137, "");
        assertPassing(130, unloadable);
        assertPassing(0, "ERROR:  canceling statement due to user request\n");
        assertPassing(1, "FATAL:  could not write lock file \"postmaster.pid\": No space left on device\n");
    }

    private static void assertPassing(int status, String output) {
        assertThatThrownBy(() -> judge(status, output))
                .isInstanceOf(EmbeddedFailure.class)
                .isNotInstanceOf(PgvectorInstallation.DoesNotLoad.class)
                .hasMessageContaining("could not be tried")
                .hasMessageContaining("status " + status);
    }

    private static void judge(int status, String output) throws EmbeddedFailure {
        PgvectorInstallation.judge(LIBRARY, new Command.Ended(status, output));
    }
}
