package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** A matcher that is killed while it makes the tables. */
@Timeout(240)
@ExtendWith(ServersExtension.class)
class SchemaDeathIT {
    private final Servers servers;

    SchemaDeathIT(Servers servers) {
        this.servers = servers;
    }

    @Test
    void whoeverComesNextGoesOnAfterEachCommit() throws Exception {
        int commits = 0;
        boolean died = true;
        while (died) {
            servers.renew();
            Mortal mortal = new Mortal(servers.database(), ++commits);
            try {
                Schema.prepare(mortal.source(), servers.database());
            } catch (UnusableDatabaseException e) {
                assertThat(e.unreachable()).as(e.getMessage()).isTrue();
            }
            died = mortal.dead;

            Schema.prepare(Database.source(servers.database(), "test"), servers.database());

            try (Connection connection = servers.connect()) {
                long told = Sql.one(connection, "SELECT count(*) FROM person_outbox", row -> row.getLong(1));
                assertThat(told).isZero();
            }
        }
        // At least one for each of many versions.
        assertThat(commits).isGreaterThan(10);
    }

    /** A process whose connections all end after a number of commits, as by SIGKILL. */
    private static final class Mortal {
        private final PGSimpleDataSource real;
        private final int last;
        private final List<Connection> open = new ArrayList<>();
        private int commits;
        private boolean dead;

        Mortal(DatabaseSettings settings, int last) {
            this.real = Database.source(settings, "test");
            this.last = last;
        }

        DataSource source() {
            return (DataSource) Proxy.newProxyInstance(
                    Mortal.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("getConnection")) {
                            return connect();
                        }
                        return method.invoke(real, arguments);
                    });
        }

        private Connection connect() throws SQLException {
            if (dead) {
                throw new SQLException("dead", "08006");
            }
            Connection connection = real.getConnection();
            open.add(connection);
            return (Connection) Proxy.newProxyInstance(
                    Mortal.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(connection, arguments);
                            if (method.getName().equals("commit") && ++commits == last) {
                                dead = true;
                                for (Connection other : open) {
                                    other.abort(Runnable::run);
                                }
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
