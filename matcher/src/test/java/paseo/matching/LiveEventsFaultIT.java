package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Sighting;
import paseo.events.Topics;
import paseo.matching.AccessTokens.Issued;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.api.Listeners;

/** Those who listen to live events, too slowly or with a pause. */
@Tag("fault")
@Timeout(180)
@ExtendWith(ServersExtension.class)
class LiveEventsFaultIT {
    private static final int MISSED = 2_000;
    private static final String DATA = "data: {\"sequenceId\":\"";

    private final Servers servers;
    private RunningApi api;

    LiveEventsFaultIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        servers.renew();
        api = RunningApi.on(servers);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    @DisplayName("row 51: who takes live events too slowly is cut off, everybody else gets them")
    void slowListener() throws Exception {
        try (Socket slow = api.connect();
                Listener quick = new Listener(null)) {
            slow.setReceiveBufferSize(4_096);
            slow.getOutputStream().write(listen(null, api.secret()));
            slow.getInputStream().readNBytes(16);
            int before = quick.events;
            for (int i = 0; i < 14_000; i++) {
                servers.send(
                        Topics.SIGHTINGS,
                        i % Servers.PARTITIONS,
                        Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            assertThat(quick.takes(before + 14_000)).isTrue();
            slow.setSoTimeout(30_000);
            // What the system still holds of the connection would trickle through the small one for minutes.
            slow.setReceiveBufferSize(1 << 20);
            assertThat(readToTheEnd(slow)).as("bytes before the cut").isPositive();
        }
    }

    /** More than may wait for a client, and more than the operating system keeps for it. */
    @Test
    @DisplayName("row 51: who has missed much and is slow gets it, and is forgotten when it leaves")
    void slowListenerCatchesUp() throws Exception {
        String first;
        try (Listener listener = new Listener(null)) {
            for (int i = 0; i < 4; i++) {
                servers.send(Topics.SIGHTINGS, i, Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            assertThat(listener.takes(4)).isTrue();
            first = listener.lastId;
            // Read meanwhile, or this listener is the one that is too slow.
            CompletableFuture<Boolean> reading = CompletableFuture.supplyAsync(() -> taken(listener));
            for (int i = 4; i < MISSED; i++) {
                servers.send(
                        Topics.SIGHTINGS,
                        i % Servers.PARTITIONS,
                        Topics.SIGHTINGS.codec().encode(sighting(i, "door".repeat(1_000))));
            }
            assertThat(reading.join()).isTrue();
        }
        try (Listener slow = new Listener(first)) {
            assertThat(slow.takes(MISSED - 4)).isTrue();
        }
        Servers.await(() -> {
            servers.send(Topics.SIGHTINGS, 0, Topics.SIGHTINGS.codec().encode(sighting(MISSED)));
            return Listeners.of(api.server()) == 0;
        });
    }

    private static boolean taken(Listener listener) {
        try {
            return listener.takes(MISSED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long readToTheEnd(Socket socket) {
        long read = 0;
        byte[] buffer = new byte[65_536];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                read += n;
            }
        } catch (SocketException e) {
            return read;
        } catch (IOException e) {
            throw new AssertionError("the connection was not cut", e);
        }
        return read;
    }

    @Test
    @DisplayName("row 8: a listener who comes back to another API gets what it has missed")
    void resumes() throws Exception {
        String last;
        try (Listener listener = new Listener(null)) {
            for (int i = 0; i < 8; i++) {
                servers.send(Topics.SIGHTINGS, i % 4, Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            assertThat(listener.takes(8)).isTrue();
            last = listener.lastId;
        }
        api.close();
        for (int i = 8; i < 20; i++) {
            servers.send(Topics.SIGHTINGS, i % 4, Topics.SIGHTINGS.codec().encode(sighting(i)));
        }
        api = RunningApi.on(servers);
        try (Listener again = new Listener(last)) {
            assertThat(again.takes(12)).isTrue();
            assertThat(again.sequences)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(8, 20)
                            .mapToObj(LiveEventsFaultIT::id)
                            .toList());
            assertThat(again.resets).isZero();
            again.takesNothingUntil(20);
        }
        try (Listener lost = new Listener("0-1")) {
            Servers.await(() -> lost.reads() && lost.resets == 1);
        }
    }

    /** They would be shown as somebody who passes now. */
    @Test
    void whatHappenedBeforeTheStartIsNotToldAsHappening() throws Exception {
        api.close();
        for (int i = 0; i < 400; i++) {
            servers.send(
                    Topics.SIGHTINGS,
                    i % Servers.PARTITIONS,
                    Topics.SIGHTINGS.codec().encode(sighting(i)));
        }
        servers.awaitIdle();
        api = RunningApi.on(servers);
        try (Listener listener = new Listener(null)) {
            listener.takesNothingUntil(400);
        }
    }

    @Test
    void whoIsCutOffBeforeTheFirstEventMissesNothing() throws Exception {
        String begun;
        try (Listener listener = new Listener(null)) {
            begun = listener.lastId;
        }
        for (int i = 0; i < 3; i++) {
            servers.send(Topics.SIGHTINGS, i, Topics.SIGHTINGS.codec().encode(sighting(i)));
        }
        try (Listener again = new Listener(begun)) {
            assertThat(again.takes(3)).isTrue();
            assertThat(again.sequences).containsExactly(id(0), id(1), id(2));
            assertThat(again.resets).isZero();
        }
    }

    @Test
    void whatWasErasedIsNotHandedOutAgain() throws Exception {
        String first;
        try (Listener listener = new Listener(null)) {
            servers.send(Topics.SIGHTINGS, 0, Topics.SIGHTINGS.codec().encode(sighting(0)));
            assertThat(listener.takes(1)).isTrue();
            first = listener.lastId;
            for (int i = 1; i <= 3; i++) {
                servers.send(
                        Topics.SIGHTINGS, 0, id(i), Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            servers.send(Topics.SIGHTINGS, 0, id(1), null);
            servers.send(Topics.SIGHTINGS, 0, id(3), null);
            // What comes behind the tombstones says that they have been read.
            servers.send(Topics.SIGHTINGS, 0, id(4), Topics.SIGHTINGS.codec().encode(sighting(4)));
            assertThat(listener.takes(5)).isTrue();
        }
        try (Listener again = new Listener(first)) {
            assertThat(again.takes(2)).isTrue();
            assertThat(again.sequences).containsExactly(id(2), id(4));
            assertThat(again.resets).isZero();
        }
    }

    @Test
    void nobodyListensLongerThanTheirTokenIsGood() throws Exception {
        AccessTokens tokens = api.database().tokens();
        Issued taken = tokens.issue("taken", EnumSet.of(Scope.READ), Duration.ofHours(1));
        Issued elsewhere = tokens.issue("elsewhere", EnumSet.of(Scope.READ), Duration.ofHours(1));
        try (Listener first = new Listener(null, taken.secret());
                Listener second = new Listener(null, elsewhere.secret());
                Listener stays = new Listener(null);
                Listener third = new Listener(
                        null,
                        tokens.issue("late", EnumSet.of(Scope.READ), Duration.ofSeconds(8))
                                .secret())) {
            api.client().ask("DELETE", "/v1/tokens/" + taken.token().id());
            first.takesTheRest();
            assertThat(tokens.revoke(elsewhere.token().id()))
                    .as("by another process, which tells nobody")
                    .isTrue();
            second.takesTheRest();
            third.takesTheRest();
            servers.send(Topics.SIGHTINGS, 0, Topics.SIGHTINGS.codec().encode(sighting(1)));
            assertThat(stays.takes(1)).isTrue();
            assertThat(Listeners.of(api.server())).isEqualTo(1);
        }
    }

    private static byte[] listen(@Nullable String lastId, String secret) {
        return ("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret + "\r\n"
                        + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the stream of events as it comes. */
    private final class Listener implements AutoCloseable {
        private final Socket socket = api.connect();
        private final BufferedReader lines;
        private final Set<String> sequences = new TreeSet<>();
        private int events;
        private int resets;
        private String lastId = "";
        private String latest = "";

        Listener(@Nullable String after) throws IOException {
            this(after, api.secret());
        }

        Listener(@Nullable String after, String secret) throws IOException {
            socket.getOutputStream().write(listen(after, secret));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); !line.startsWith(": welcome"); line = lines.readLine()) {
                assertThat(line).doesNotContain("HTTP/1.1 4");
            }
            // From then on everything that happens is told.
            while (lastId.isEmpty()) {
                take(lines.readLine());
            }
        }

        /** Sends a sighting, which is the next one that comes. */
        void takesNothingUntil(int number) throws IOException {
            int before = events;
            servers.send(
                    Topics.SIGHTINGS,
                    number % Servers.PARTITIONS,
                    Topics.SIGHTINGS.codec().encode(sighting(number)));
            assertThat(takes(before + 1)).isTrue();
            assertThat(latest).isEqualTo(id(number));
        }

        boolean takes(int most) throws IOException {
            while (events < most) {
                take(lines.readLine());
            }
            return true;
        }

        /** Takes one line. */
        boolean reads() {
            try {
                take(lines.readLine());
                return true;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Takes lines until the server ends the stream, with a chunk of no bytes. */
        void takesTheRest() throws IOException {
            for (String line = lines.readLine(); !line.equals("0"); line = lines.readLine()) {
                take(line);
            }
        }

        private void take(String line) {
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.equals("event: reset")) {
                resets++;
            } else if (line.startsWith(DATA)) {
                events++;
                latest = line.substring(DATA.length(), DATA.length() + id(0).length());
                sequences.add(latest);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String id(int number) {
        return new UUID(7, number).toString();
    }

    private static Sighting sighting(int number) {
        return sighting(number, "door");
    }

    private static Sighting sighting(int number, String camera) {
        return new Sighting(
                new UUID(7, number),
                Decision.NEW,
                number + 1,
                camera,
                1,
                camera,
                number,
                number + 5,
                number,
                number + 1,
                6,
                6,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(0.5),
                number,
                "test",
                Recording.PACK,
                false,
                OptionalDouble.empty(),
                0);
    }
}
