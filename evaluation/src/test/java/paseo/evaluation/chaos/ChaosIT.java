package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import paseo.evaluation.chaos.Schedule.Armed;
import paseo.evaluation.chaos.Schedule.Timed;
import paseo.testing.Assets;

/** What goes wrong with processes, Kafka and PostgreSQL, one thing after the other; and what is left is the same. */
@Tag("e2e")
@Tag("fault")
class ChaosIT {
    @TempDir
    static Path directory;

    private static List<List<Path>> videos = List.of();
    private static @Nullable Servers servers;
    private static @Nullable Evidence undisturbed;
    private static long detections;

    @BeforeAll
    static void runUndisturbed() throws IOException, SQLException, InterruptedException {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        videos = List.of(
                List.of(
                        clip("head-pose-face-detection-female.gif"),
                        clip("head-pose-face-detection-female-and-male.gif")),
                List.of(clip("head-pose-face-detection-male.gif")));
        servers = new Servers(directory, new OneBroker());
        try (Trial trial = new Trial(servers, logs("undisturbed"), videos, Schedule.quiet(), 0)) {
            assertThat(trial.run()).isEmpty();
            undisturbed = trial.evidence();
            detections = trial.detections();
        }
        assertThat(undisturbed.faults()).isEmpty();
        assertThat(undisturbed.people()).hasSize(2);
    }

    @Test
    @DisplayName("row 12: of three brokers the one that leads is killed")
    void aBrokerOfThreeGoes() throws IOException, SQLException, InterruptedException {
        try (Servers three = new Servers(directory.resolve("three"), new ThreeBrokers());
                Trial trial = new Trial(
                        three,
                        logs("three-brokers"),
                        videos,
                        Schedule.of(0.4, new Fault.KillBroker(Duration.ofSeconds(10))),
                        detections)) {
            assertThat(trial.run()).isEmpty();
            assertThat(trial.evidence().violations(Objects.requireNonNull(undisturbed)))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("row 17: the broker's disk is full")
    void theBrokersDiskIsFull() throws IOException, SQLException, InterruptedException {
        try (Servers full = new Servers(directory.resolve("full"), new FullDiskBroker());
                Trial trial = new Trial(
                        full,
                        logs("full-disk"),
                        videos,
                        Schedule.of(0.4, new Fault.BounceBroker(Duration.ofSeconds(10))),
                        detections)) {
            assertThat(trial.run()).isEmpty();
            assertThat(trial.evidence().violations(Objects.requireNonNull(undisturbed)))
                    .isEmpty();
        }
    }

    private static Path clip(String name) {
        return Assets.require("videos/preview/" + name);
    }

    private static Path logs(String name) throws IOException {
        return Files.createDirectories(directory.resolve("logs").resolve(name));
    }

    @AfterAll
    static void stop() throws IOException {
        if (servers != null) {
            servers.close();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        "row 2, row 5, row 24, row 28: a producer that is killed in a file, a tracker in the middle of a"
                                + " record; PostgreSQL is killed and recovers, and later its connections stand still",
                        new Schedule(
                                List.of(
                                        new Timed(0.3, new Fault.KillPostgres()),
                                        new Timed(0.4, new Fault.Kill(Service.PRODUCER, 0)),
                                        new Timed(0.7, new Fault.StallPostgres(Duration.ofSeconds(20)))),
                                Map.of(Service.TRACKER, new Armed(Failpoint.TRACKER_PROCESSES, 60)))),
                Arguments.of(
                        "row 3, row 5, row 6: services that are killed before it counts what they have done",
                        new Schedule(
                                List.of(),
                                Map.of(
                                        Service.WORKER,
                                        new Armed(Failpoint.WORKER_INFERRED_NOT_PRODUCED, 3),
                                        Service.TRACKER,
                                        new Armed(Failpoint.TRACKER_BEFORE_COMMIT, 3),
                                        Service.MATCHER,
                                        new Armed(Failpoint.MATCHER_BEFORE_COMMIT, 8)))),
                Arguments.of(
                        "row 4, row 5, row 7: services that are killed before they know that it counts",
                        new Schedule(
                                List.of(),
                                Map.of(
                                        Service.WORKER,
                                        new Armed(Failpoint.WORKER_PRODUCED_NOT_COMMITTED, 3),
                                        Service.TRACKER,
                                        new Armed(Failpoint.TRACKER_AFTER_COMMIT, 3),
                                        Service.MATCHER,
                                        new Armed(Failpoint.MATCHER_AFTER_COMMIT, 8)))),
                Arguments.of(
                        "row 9, row 15: processes that stand still for longer than their group waits, and a tracker"
                                + " whose state is gone",
                        new Schedule(
                                List.of(
                                        new Timed(0.2, new Fault.Pause(Service.WORKER, 0, Duration.ofSeconds(12))),
                                        new Timed(0.3, new Fault.Pause(Service.MATCHER, 1, Duration.ofSeconds(12))),
                                        new Timed(0.4, new Fault.Pause(Service.TRACKER, 0, Duration.ofSeconds(15))),
                                        new Timed(0.7, new Fault.LoseState())),
                                Map.of())),
                Arguments.of(
                        "row 12: the only broker is killed, and comes back after the tracker's transaction has run out",
                        Schedule.of(0.5, new Fault.KillBroker(Duration.ofSeconds(10)))),
                Arguments.of(
                        "row 13: no broker for a minute",
                        Schedule.of(0.3, new Fault.BounceBroker(Duration.ofMinutes(1)))),
                Arguments.of("row 14: processes that come and go", new Schedule(guests(), Map.of())),
                Arguments.of(
                        "everything is restarted, one process after the other", new Schedule(restarts(), Map.of())));
    }

    private static List<Timed> restarts() {
        List<Timed> restarts = new ArrayList<>();
        for (Service service : Service.values()) {
            for (int process = 0; process < service.processes(); process++) {
                restarts.add(new Timed(0.1 + 0.1 * restarts.size(), new Fault.Restart(service, process)));
            }
        }
        return restarts;
    }

    private static List<Timed> guests() {
        List<Timed> guests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (Service service : List.of(Service.WORKER, Service.TRACKER, Service.MATCHER)) {
                guests.add(new Timed(0.1 + 0.3 * i, new Fault.Guest(service, Duration.ofSeconds(5))));
            }
        }
        return guests;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void nothingIsLostDoubledOrMixedUp(String name, Schedule schedule)
            throws IOException, SQLException, InterruptedException {
        try (Trial trial = new Trial(
                Objects.requireNonNull(servers), logs(name.replaceAll("\\W+", "-")), videos, schedule, detections)) {
            assertThat(trial.run()).isEmpty();
            assertThat(schedule.armed().keySet())
                    .as("who was killed at a point and started again")
                    .allMatch(service -> trial.starts(service) > service.processes());
            assertThat(trial.evidence().violations(Objects.requireNonNull(undisturbed)))
                    .isEmpty();
        }
    }
}
