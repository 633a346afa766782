package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * From a sighting's being stored to a client's having it: PostgreSQL notes when the decision is written into the
 * outbox, before it is committed, the client when the event has come, both by the clock of this machine.
 */
@Timeout(300)
@ExtendWith(ServersExtension.class)
class LiveLatencyIT {
    private static final int PASSERS_BY = 60;
    private static final int WARM_UP = 10;

    private final Servers servers;

    LiveLatencyIT(Servers servers) {
        this.servers = servers;
    }

    @Test
    void whoPassesIsSaidAtOnceAlsoWhereMuchElseGoesOn() throws Exception {
        assertThat(percentile(0.95)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    @Tag("load")
    void whoPassesIsSaidWithinThreeTenthsOfASecond() throws Exception {
        Duration slowest = percentile(0.95);
        System.out.printf("stored to client, p95: %d ms%n", slowest.toMillis());
        assertThat(slowest).isLessThanOrEqualTo(Duration.ofMillis(300));
    }

    /** One after the other, each recognised or new, over four partitions. */
    private Duration percentile(double share) throws Exception {
        servers.renew();
        try (RunningApi api = RunningApi.on(servers);
                Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                Socket socket = api.connect()) {
            noteWhenStored();
            Map<UUID, Instant> arrived = new ConcurrentHashMap<>();
            listen(api, socket, arrived);
            List<UUID> passed = new ArrayList<>();
            for (int i = 0; i < PASSERS_BY; i++) {
                Recording recording = new Recording("camera-" + i);
                UUID sequence = recording.walk(1 + i % 20, 6);
                servers.send(recording.end(), i % Servers.PARTITIONS);
                Servers.await(() -> arrived.containsKey(sequence));
                passed.add(sequence);
            }
            assertThat(matcher.running()).isTrue();
            List<Duration> waits = new ArrayList<>();
            try (Connection connection = servers.connect()) {
                for (UUID sequence : passed.subList(WARM_UP, PASSERS_BY)) {
                    Timestamp stored = Sql.one(
                            connection,
                            "SELECT at FROM test_stored WHERE sequence = ?",
                            row -> row.getTimestamp(1),
                            sequence);
                    waits.add(Duration.between(stored.toInstant(), arrived.get(sequence)));
                }
            }
            waits.sort(null);
            assertThat(waits.get(0)).as("clocks").isPositive();
            return waits.get((int) Math.ceil(share * waits.size()) - 1);
        }
    }

    private void noteWhenStored() throws Exception {
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "CREATE TABLE test_stored (sequence uuid, at timestamptz)");
            Sql.update(connection, """
                    CREATE FUNCTION test_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        IF NOT NEW.provisional THEN
                            INSERT INTO test_stored SELECT id, clock_timestamp() FROM sequence WHERE no = NEW.sequence_no;
                        END IF;
                        RETURN NEW;
                    END $$
                    """);
            Sql.update(
                    connection,
                    "CREATE TRIGGER test_note BEFORE INSERT ON sighting_outbox FOR EACH ROW EXECUTE FUNCTION test_note()");
        }
    }

    private static void listen(RunningApi api, Socket socket, Map<UUID, Instant> arrived) throws IOException {
        socket.getOutputStream()
                .write(("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + api.secret()
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); !line.startsWith("id: "); line = lines.readLine()) {
            assertThat(line).doesNotContain("HTTP/1.1 4");
        }
        Thread reader = new Thread(() -> read(lines, arrived), "listener");
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(BufferedReader lines, Map<UUID, Instant> arrived) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Instant now = Instant.now();
                if (line.startsWith("data: {\"sequenceId\"")) {
                    JsonNode sighting = ApiClient.JSON.readTree(line.substring("data: ".length()));
                    if (!sighting.path("provisional").asBoolean()) {
                        arrived.put(UUID.fromString(sighting.get("sequenceId").asText()), now);
                    }
                }
            }
        } catch (IOException e) {
            // The test has closed it.
            return;
        }
    }
}
