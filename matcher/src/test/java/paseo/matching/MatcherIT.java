package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Box;
import paseo.events.Decision;
import paseo.events.Pose;
import paseo.events.Sequence;
import paseo.events.Sighting;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class MatcherIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MatcherIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void recognisesWhoComesBack() throws Exception {
        Recording file = new Recording("hall");
        UUID first = file.walk(1, 5);
        UUID second = file.walk(2, 4);
        UUID again = file.walk(1, 3);
        UUID brief = file.walk(3, 2);
        UUID faceless = unusable(file);
        file.end();
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            assertThat(archive.session("hall", 1).phase()).isEqualTo(SessionState.Phase.UNKNOWN);
            servers.send(file, 1);
            Servers.await(() -> archive.session("hall", 1).finished());

            assertThat(matcher.running()).isTrue();
            assertThat(archive.session("hall", 1))
                    .isEqualTo(new SessionState(SessionState.Phase.FINISHED, true, 14, 0, 14, 5, 2));
            assertThat(archive.sightings(SessionFilter.all()))
                    .extracting(SightingRow::sequence)
                    .containsExactly(first, second, again, brief, faceless);
            assertThat(archive.sightings(SessionFilter.all()))
                    .extracting(SightingRow::decision)
                    .containsExactly(
                            Decision.NEW, Decision.NEW, Decision.RECOGNISED, Decision.UNDECIDED, Decision.UNUSABLE);
            checkPeople(archive);
            checkFaces(archive, first);
            checkPublished(Set.of(first, second, again, brief, faceless));
        }
        assertThat(registry.counter("paseo.faces.stored").count()).isEqualTo(14);
        assertThat(registry.counter("paseo.match.decisions", "decision", "new").count())
                .isEqualTo(2);
        assertThat(registry.get("paseo.gallery.persons").gauge().value()).isEqualTo(2);
    }

    private static UUID unusable(Recording file) {
        UUID id = Sequence.idOf(file.camera, 1, file.frames(), 99);
        file.sequences.add(
                file.sequence(id, file.frames(), 1, List.of(), null, List.of(), Sequence.CloseReason.LEFT_VIEW, 0));
        return id;
    }

    private static void checkPeople(Archive archive) {
        List<PersonSummary> people = archive.people();
        assertThat(people).extracting(PersonSummary::person).containsExactly(1L, 2L);
        assertThat(people.get(0).firstSeen()).isEqualTo(new Moment("hall.mp4", 0));
        assertThat(people.get(0).lastSeen()).isEqualTo(new Moment("hall.mp4", 2.75));
        assertThat(people.get(0).sequences()).isEqualTo(2);
        assertThat(people.get(0).faces()).isEqualTo(8);
        assertThat(people.get(0).cohesion().silhouette().orElseThrow()).isGreaterThan(0.5);
        assertThat(people.get(1).cohesion().silhouette()).isEmpty();
        assertThat(people.get(1).cohesion().nearest()).hasValue(1);
        assertThat(archive.person(1).orElseThrow().sightings()).hasSize(2);
        assertThat(archive.person(3)).isEmpty();
    }

    private static void checkFaces(Archive archive, UUID first) {
        List<FaceRow> faces = new ArrayList<>();
        archive.faces(SessionFilter.of(List.of(new SessionKey("hall", 1))), faces::add);
        assertThat(faces).hasSize(14);
        assertThat(faces.get(2).sequence()).contains(first);
        assertThat(faces.get(2).person()).hasValue(1);
        assertThat(faces.get(2).timeSeconds()).isEqualTo(0.5);
        assertThat(faces.get(2).box()).isEqualTo(new Box(10, 20, 60, 80));
        assertThat(faces.get(2).pose()).isEqualTo(new Pose(1, 2, 3));
        archive.faces(SessionFilter.of(List.of()), face -> assertThat(face).isNull());
        assertThat(archive.prototypes(first)).hasSize(1);
        assertThat(archive.prototypes(1)).hasSize(2);
        assertThat(archive.prototypes(first).get(0).crop().remaining()).isEqualTo(3);
    }

    private void checkPublished(Set<UUID> decided) throws Exception {
        List<ConsumerRecord<String, Sighting>> published = servers.sightings();
        assertThat(published)
                .extracting(record -> record.value().sequenceId())
                .containsExactlyInAnyOrderElementsOf(decided);
        assertThat(published).allSatisfy(record -> {
            assertThat(record.value().source()).isEqualTo("hall.mp4");
            assertThat(new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                    .isEqualTo(record.key())
                    .isEqualTo(record.value().sequenceId().toString());
        });
    }

    @Test
    @Tag("fault")
    @DisplayName("row 19: topics that are delivered once more double nothing")
    void redeliveryOfWholeTopicsDoublesNothing() throws Exception {
        Recording file = busyFile("yard");
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(file, 0);
            servers.awaitIdle();
            String before = Servers.contents(servers.database());
            int published = servers.sightings().size();

            servers.send(file, 0);
            servers.send(file, 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(Servers.contents(servers.database())).isEqualTo(before);
            assertThat(servers.sightings()).hasSize(published);
        }
    }

    @Test
    void twoMatchersNeverInventTheSamePersonTwice() throws Exception {
        int people = 25;
        List<Recording> files = new ArrayList<>();
        for (int partition = 0; partition < Servers.PARTITIONS; partition++) {
            Recording file = new Recording("gate-" + partition);
            for (int person = 1; person <= people; person++) {
                file.walk(person, 3);
            }
            files.add(file.end());
        }
        try (Matcher one = servers.startMatcher(registry);
                Matcher two = servers.startMatcher(new SimpleMeterRegistry())) {
            for (int partition = 0; partition < Servers.PARTITIONS; partition++) {
                servers.send(files.get(partition), partition);
            }
            servers.awaitIdle();
            assertThat(one.running() && two.running()).isTrue();
        }
        try (Archive archive = Archive.open(servers.database())) {
            assertThat(archive.people())
                    .extracting(PersonSummary::person)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, people).boxed().toList());
            assertThat(archive.people()).allMatch(person -> person.sequences() == Servers.PARTITIONS);
        }
    }

    @Test
    void peopleInOneFrameAreNeverTheSame() throws Exception {
        Recording file = new Recording("twins");
        file.together(4, 1, 1);
        file.together(4, 1, 1, 1);
        file.end();
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file, 2);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertApart(archive);
        }
    }

    @Test
    void peopleInOneFrameCheckTheCalibration() throws Exception {
        Recording file = new Recording("crowd");
        file.together(4, 1, 2, 3);
        file.together(4, 1, 2);
        file.together(4, 1, 1);
        file.together(2, 2, 3);
        ImpostorTail tail = new ImpostorTail(0.7, 0.05, 0.05, 0);
        Thresholds calibrated = new Thresholds() {
            @Override
            public MatchThresholds at(long persons) {
                return Servers.THRESHOLDS;
            }

            @Override
            public Optional<ImpostorTail> tail() {
                return Optional.of(tail);
            }

            @Override
            public Optional<Calibration.Within> within() {
                return Optional.of(new Calibration.Within(1, 0.5));
            }
        };
        MatcherSettings settings = new MatcherSettings(
                servers.bootstrapServers(), Servers.PARTITIONS, servers.database(), Recording.PACK, calibrated);
        for (int start = 0; start < 2; start++) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (Matcher matcher = new Matcher(settings, meters)) {
                matcher.start();
                servers.send(file.end(), 2);
                servers.awaitIdle();
                assertThat(matcher.running()).isTrue();
                // 1-2, 1-3 and 2-3 once each, and the look-alike pair, which alone is in the tail.
                assertThat(drift(meters, "strangers")).isCloseTo(1 / (4 * 0.05), within(1e-9));
                // No sequence's faces are more alike than all alike, where half should be.
                assertThat(drift(meters, "same")).isCloseTo(1 / 0.5, within(1e-9));
            }
        }
    }

    private static double drift(SimpleMeterRegistry meters, String pairs) {
        return meters.get("paseo.calibration.drift").tag("pairs", pairs).gauge().value();
    }

    @Test
    void sharedFramesSeparateEvenWhenNoEventSaysSo() throws Exception {
        Recording file = new Recording("twins");
        file.together(4, 1, 1);
        file.sequences.replaceAll(event -> event instanceof Sequence sequence ? withoutSeenWith(sequence) : event);
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 2);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(archive.people()).hasSize(2);
            assertApart(archive);
        }
    }

    private static Sequence withoutSeenWith(Sequence s) {
        return new Sequence(
                s.camera(),
                s.epoch(),
                s.id(),
                s.phase(),
                s.revision(),
                s.track(),
                s.firstFrame(),
                s.lastFrame(),
                s.firstTimeMicros(),
                s.lastTimeMicros(),
                s.faceCount(),
                s.usableCount(),
                s.newMembers(),
                s.template(),
                List.of(),
                s.closeReason(),
                s.modelPack());
    }

    private static void assertApart(Archive archive) {
        Set<String> seen = new HashSet<>();
        archive.faces(
                SessionFilter.all(),
                face -> face.person()
                        .ifPresent(person -> assertThat(seen.add(face.frame() + "/" + person))
                                .isTrue()));
    }

    @Test
    @Tag("fault")
    @DisplayName("row 7: the offset in the database counts, whatever Kafka remembers")
    void goesOnFromTheDatabasesOffsetsWhateverKafkaRemembers() throws Exception {
        Recording file = busyFile("door");
        servers.send(file, 3);
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        String before = Servers.contents(servers.database());
        servers.admin()
                .deleteConsumerGroups(List.of("paseo-matcher-faces", "paseo-matcher-sequences"))
                .all()
                .get();

        SimpleMeterRegistry later = new SimpleMeterRegistry();
        try (Matcher matcher = servers.startMatcher(later)) {
            Recording next = new Recording("door-2");
            next.walk(1, 3);
            servers.send(next.end(), 3);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        // Read again from the start, the first file's twelve sequences would each have been a transaction.
        assertThat(later.get("paseo.db.transaction")
                        .tag("topic", "sequences")
                        .timer()
                        .count())
                .isLessThanOrEqualTo(3);
        assertThat(Servers.contents(servers.database())).startsWith(before.substring(0, before.indexOf(',')));
    }

    @Test
    @Tag("fault")
    @DisplayName("row 24: transactions that break are done once")
    void survivesBrokenConnectionsAndATakenOverPartition() throws Exception {
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(busyFile("lift"), 0);
            servers.awaitIdle();
            try (Connection connection = servers.connect()) {
                Sql.query(
                        connection,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        row -> row.getBoolean(1));
                Sql.update(connection, "UPDATE consumed_offset SET generation = generation + 1");
            }
            servers.send(busyFile("stairs"), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
        }
        try (Archive archive = Archive.open(servers.database())) {
            assertThat(archive.session("stairs", 1).finished()).isTrue();
            assertThat(archive.counts().sequences()).isEqualTo(24);
            assertThat(archive.people()).hasSize(4);
        }
    }

    /** Four people who each come by three times. */
    private static Recording busyFile(String camera) {
        Recording file = new Recording(camera);
        for (int round = 0; round < 3; round++) {
            for (int person = 1; person <= 4; person++) {
                file.walk(person, 3 + round);
            }
        }
        return file.end();
    }
}
