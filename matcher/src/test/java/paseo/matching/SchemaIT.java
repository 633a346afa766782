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
import paseo.events.Embedding;
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

    /** Templates stay where they are, as the first partition of their pack, and are found there. */
    @Test
    void templatesOfBeforePartitionsByAgeAreTakenOver() throws Exception {
        DatabaseSettings settings = servers.database();
        Flyway.configure()
                .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
                .locations("classpath:paseo/matching/schema")
                .target("6")
                .load()
                .migrate();
        float[] look = Recording.person(5).toArray();
        try (Connection connection = servers.connect()) {
            long session = new SessionRows(connection).idOf("hall", 1);
            Sql.update(connection, "INSERT INTO model_pack (name, dimension) VALUES (?, 16)", Recording.PACK);
            Sql.update(connection, "CREATE TABLE template_pack_1 PARTITION OF template FOR VALUES IN (1)");
            Sql.update(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, pack_id)
                    VALUES (gen_random_uuid(), ?, 0, 'OPENED', 0, 0, 9, 0, 900000, 10, 8, 1)
                    """, session);
            Sql.update(connection, "INSERT INTO person (number, first_sequence, pack_id) VALUES (1, 1, 1)");
            Sql.update(connection, """
                    UPDATE sequence SET phase = 'CLOSED', decision = 'NEW', person = 1, decided_person = 1,
                        threshold = 0.5, gallery_size = 0, calibration = 'test'
                    """);
            Sql.update(
                    connection,
                    "INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding, face_count)"
                            + " VALUES (1, 1, 0, 1, ?::halfvec, 5)",
                    Vectors.text(Recording.person(5)));
        }
        try (Database database = Database.open(settings)) {
            Crowd crowd = new Crowd(database);
            assertThat(crowd.partitions()).containsExactly(new GalleryPartition((short) 1, 0, 8_192, 16, false));
            assertThat(new Likenesses(database)
                            .like(Embedding.normalised(look), Recording.PACK, 5)
                            .candidates())
                    .singleElement()
                    .satisfies(found -> assertThat(found).containsEntry("person", 1L));
            crowd.add(3, "hall");
            crowd.skipToNextPartition();
            crowd.add(1, "hall");
            assertThat(crowd.near(5)).hasSize(5);
        }
    }
}
