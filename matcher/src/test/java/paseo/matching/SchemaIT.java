package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Sighting;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class SchemaIT {
    private final Servers servers;

    SchemaIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    /** What the first release stored is still there, and what it had not published is published. */
    @Test
    @Tag("fault")
    @DisplayName("row 30: tables of the first release are taken over")
    void tablesOfTheFirstReleaseAreTakenOver() throws Exception {
        UUID id = new UUID(1, 2);
        DatabaseSettings database = servers.database();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:paseo/matching/schema")
                .target("1")
                .load()
                .migrate();
        try (Connection connection = servers.connect()) {
            long session = new SessionRows(connection).idOf("hall", 1);
            new PackRows(connection).idOf(Recording.PACK);
            Sql.update(connection, "UPDATE camera_session SET source = 'hall.mp4' WHERE id = ?", session);
            Sql.update(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, pack_id)
                    VALUES (?, ?, 0, 'OPENED', 0, 0, 9, 0, 900000, 10, 8, 1)
                    """, id, session);
            Sql.update(connection, "INSERT INTO person VALUES (1, 1, 1)");
            Sql.update(connection, """
                    UPDATE sequence SET phase = 'CLOSED', close_reason = 'LEFT_VIEW', decision = 'NEW', person = 1,
                        threshold = 0.45, gallery_size = 0, calibration = 'start'
                    """);
            Sql.update(connection, "INSERT INTO sighting_outbox (sequence_no, session_id) VALUES (1, ?)", session);
        }
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                Archive archive = Archive.open(database)) {
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(archive.people()).hasSize(1);
            assertThat(archive.sightings(SessionFilter.all()))
                    .singleElement()
                    .satisfies(row -> assertThat(row.identifiedSeconds()).isEmpty());
            Sighting published = servers.sightings().get(0).value();
            assertThat(published.sequenceId()).isEqualTo(id);
            assertThat(published.decision()).isEqualTo(Decision.NEW);
            assertThat(published.provisional()).isFalse();
            assertThat(published.threshold()).hasValue(0.45);
            assertThat(published.usableCount()).isEqualTo(8);
        }
    }
}
