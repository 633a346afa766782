package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Detections;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Source;

@Timeout(60)
@ExtendWith(ServersExtension.class)
class SessionRowsIT {
    private static final Source FILE = new Source("walk.mp4", Source.Kind.FILE, 640, 480, 10, 60_000_000, 0);

    private final Servers servers;

    SessionRowsIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
        Archive.open(servers.database()).close();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 19: late copies of signs of life open no session that is over")
    void lateCopiesOpenNothing() throws SQLException {
        assertThat(after(State.STARTED, 1, State.LIVE, 2, State.ENDED, 3, State.LIVE, 2))
                .isEqualTo("ENDED true");
        assertThat(after(State.STARTED, 1, State.LIVE, 2, State.ENDED, 3, State.STARTED, 1))
                .isEqualTo("ENDED true");
        assertThat(after(State.STARTED, 1, State.LIVE, 2, State.FAILED, 3, State.LIVE, 2))
                .isEqualTo("FAILED false");
    }

    @Test
    void fileThatBrokeOffGoesOn() throws SQLException {
        assertThat(after(State.STARTED, 1, State.FAILED, 3, State.STARTED, 4)).isEqualTo("STARTED null");
        assertThat(after(State.STARTED, 1, State.FAILED, 3, State.STARTED, 4, State.LIVE, 5))
                .isEqualTo("LIVE null");
    }

    @Test
    void beginningAndEndCountWhenTheClockIsSetBack() throws SQLException {
        assertThat(after(State.STARTED, 10, State.FAILED, 30, State.STARTED, 4)).isEqualTo("STARTED null");
        assertThat(after(State.STARTED, 10, State.LIVE, 30, State.ENDED, 4)).isEqualTo("ENDED true");
    }

    /** @param states each followed by the second at which it came into being */
    private String after(Object... states) throws SQLException {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            FaceStore store = new FaceStore(new MemoryKeys(), new SimpleMeterRegistry(), () -> {});
            for (int i = 0; i < states.length; i += 2) {
                FrameReference reference =
                        new FrameReference("hall", 1, i, 0, Integer.parseInt(states[i + 1].toString()) * 1_000_000L);
                store.store(connection, List.of(new Detections(reference, new Heartbeat((State) states[i], FILE, ""))));
            }
            String found = Sql.one(
                    connection,
                    "SELECT state, faces_complete FROM camera_session",
                    row -> row.getString(1) + " " + row.getObject(2));
            connection.rollback();
            return found;
        }
    }
}
