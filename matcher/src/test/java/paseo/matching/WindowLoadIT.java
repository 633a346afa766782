package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiSettings;

/**
 * Lists over 100,000 persons and 1,000,000 sequences of 20 cameras, 5 sessions each, asked for over HTTP one after the
 * other. Person 1 has every hundredth sequence, more than anybody would in practice; every camera is live.
 */
@Tag("load")
@Timeout(1_800)
@ExtendWith(ServersExtension.class)
class WindowLoadIT {
    private static final int PERSONS = 100_000;
    private static final int SEQUENCES = 1_000_000;
    private static final int ASKED = 60;
    private static final double MOST_MILLIS = 100;

    private final Servers servers;

    WindowLoadIT(Servers servers) {
        this.servers = servers;
    }

    @Test
    void everyPartOfEveryListComesInATenthOfASecond() throws Exception {
        servers.renew();
        try (ApiDatabase database = ApiDatabase.open(servers.database())) {
            fill();
            String token = database.tokens()
                    .issue("load", EnumSet.allOf(Scope.class), Duration.ofHours(2))
                    .secret();
            try (ApiServer server = ApiServer.start(ApiSettings.local(0), database, ApiServer.Parts.none())) {
                ApiClient client = new ApiClient(server.address(), token);
                Map<String, Double> slowest = new LinkedHashMap<>();
                lists().forEach((name, path) -> slowest.put(name, percentile95(client, path)));
                slowest.forEach((name, millis) -> System.out.printf("%-28s p95 %6.1f ms%n", name, millis));
                assertThat(slowest)
                        .allSatisfy((name, millis) ->
                                assertThat(millis).as("p95 of %s", name).isLessThan(MOST_MILLIS));
            }
        }
    }

    private static Map<String, IntFunction<String>> lists() {
        Random random = new Random(1);
        Map<String, IntFunction<String>> lists = new LinkedHashMap<>();
        lists.put("persons", i -> "/v1/persons");
        lists.put("persons, deep", i -> "/v1/persons?cursor=" + cursor(random.nextInt(SEQUENCES)));
        lists.put("persons of a camera", i -> "/v1/persons?camera=camera-" + i % 20);
        lists.put(
                "persons of a camera, later",
                i -> "/v1/persons?camera=camera-" + i % 20 + "&cursor="
                        + cursor(SEQUENCES * (i % 20 + 1L) / 20 - random.nextInt(SEQUENCES / 50)));
        lists.put("persons of a day", i -> "/v1/persons?" + day(i));
        lists.put("persons of camera and day", i -> "/v1/persons?camera=camera-3&" + day(i));
        lists.put("sightings", i -> "/v1/sightings?cursor=" + cursor(random.nextInt(SEQUENCES)));
        lists.put("sightings of a camera", i -> "/v1/sightings?camera=camera-" + i % 20);
        lists.put("sightings of a person", i -> "/v1/persons/" + (2 + random.nextInt(PERSONS - 2)) + "/sightings");
        lists.put("sightings of person 1", i -> "/v1/persons/1/sightings?cursor=" + cursor(random.nextInt(SEQUENCES)));
        lists.put("a person", i -> "/v1/persons/" + (2 + random.nextInt(PERSONS - 2)));
        lists.put("undecided", i -> "/v1/review/undecided");
        lists.put("cameras", i -> "/v1/cameras");
        lists.put("revisions", i -> "/v1/revisions");
        lists.put("audit", i -> "/v1/audit");
        return lists;
    }

    private static String day(int i) {
        int day = 1 + i % 25;
        return String.format("since=2026-01-%02dT00:00:00Z&until=2026-01-%02dT00:00:00Z", day, day + 1);
    }

    private static String cursor(long position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(position, 36).getBytes(StandardCharsets.US_ASCII));
    }

    private static double percentile95(ApiClient client, IntFunction<String> path) {
        double[] millis = new double[ASKED];
        for (int i = -5; i < ASKED; i++) {
            long begun = System.nanoTime();
            ApiClient.Reply reply = client.get(path.apply(Math.abs(i)));
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[(int) Math.ceil(ASKED * 0.95) - 1];
    }

    void fill() throws SQLException {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "SET synchronous_commit = off");
            short pack = new PackRows(connection).idOf(Recording.PACK);
            Sql.update(connection, """
                    INSERT INTO camera_session (camera, epoch, source, kind, state, frames, faces)
                    SELECT 'camera-' || i % 20, i / 20, 'camera-' || i % 20, 'CAMERA', 'LIVE', 1000, 1000
                    FROM generate_series(0, 99) AS i
                    """);
            Sql.update(connection, """
                    INSERT INTO frame (session_id, number, face_count, capture_us, ingest_us)
                    SELECT c.id, n, 1, n, extract(epoch FROM now() + interval '1 hour') * 1000000 + n
                    FROM camera_session c, generate_series(1, 3000) AS n
                    """);
            Sql.update(connection, "ALTER TABLE sequence DROP CONSTRAINT sequence_person_fkey");
            Sql.update(connection, "ALTER TABLE sequence DROP CONSTRAINT sequence_decided_person_fkey");
            Sql.update(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, close_reason, pack_id, decision, person, decided_person, similarity,
                        gallery_size, calibration, stored_at)
                    SELECT md5(i::text)::uuid, (SELECT min(id) FROM camera_session) + ((i - 1) / 50000) * 5 + i % 5, i,
                        'CLOSED', 1, i, i + 20, i * 1000000::bigint, i * 1000000::bigint + 2000000, 20, 15,
                        'LEFT_VIEW', ?, CASE WHEN nobody THEN 'UNDECIDED' ELSE 'RECOGNISED' END::decision,
                        CASE WHEN NOT nobody THEN who END, CASE WHEN NOT nobody THEN who END, 0.6, 100000, 'test',
                        timestamptz '2026-01-01' + i * interval '2.6 seconds'
                    FROM (SELECT i, i % 1000 = 7 AS nobody,
                              CASE WHEN i % 100 = 0 THEN 1 ELSE 1 + (hashint4(i)::bigint & 2147483647) % ? END AS who
                          FROM generate_series(1, ?) AS i) AS s
                    """, pack, PERSONS, SEQUENCES);
            Sql.update(connection, """
                    INSERT INTO person (number, first_sequence, pack_id)
                    SELECT person, min(no), ? FROM sequence WHERE person IS NOT NULL GROUP BY person
                    """, pack);
            GalleryPartitions partitions = new GalleryPartitions(connection, pack);
            for (long no = 0; no <= SEQUENCES; no += GalleryPartitions.WIDTH) {
                partitions.ensure(no);
            }
            Sql.update(connection, """
                    INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding)
                    SELECT pack_id, no, 1, person, '[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]' FROM sequence
                    """);
            Sql.update(connection, """
                    INSERT INTO latest_sequence
                    SELECT person, max(no) FROM sequence WHERE person IS NOT NULL GROUP BY person
                    """);
            connection.commit();
            connection.setAutoCommit(true);
            Sql.update(connection, "VACUUM ANALYZE");
        }
    }
}
