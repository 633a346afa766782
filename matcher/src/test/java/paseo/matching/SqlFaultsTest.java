package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

class SqlFaultsTest {
    @Test
    void whatALibrarySaysPassesWhereItsCauseDoes() {
        assertThat(SqlFaults.passing(caused("57P01"))).as("server shuts down").isTrue();
        assertThat(SqlFaults.passing(caused("08006"))).as("connection lost").isTrue();
        assertThat(SqlFaults.passing(caused("25P03")))
                .as("nothing was asked for too long")
                .isTrue();
        assertThat(SqlFaults.passing(caused("25P04")))
                .as("a transaction lasted too long")
                .isTrue();
        assertThat(SqlFaults.passing(caused("25P02")))
                .as("asked in a transaction that had failed")
                .isFalse();
        assertThat(SqlFaults.passing(caused("42501"))).as("not allowed").isFalse();
        assertThat(SqlFaults.passing(new FlywayException("no cause"))).isFalse();
    }

    private static RuntimeException caused(String state) {
        return new FlywayException("script failed", new FlywayException(new SQLException("fault", state)));
    }
}
