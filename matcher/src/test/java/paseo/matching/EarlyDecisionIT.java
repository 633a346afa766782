package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Sighting;

/** Decisions on who is still in view. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class EarlyDecisionIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    EarlyDecisionIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void whoIsInViewIsKnownBeforeTheyLeave() throws Exception {
        Recording hall = new Recording("hall");
        View view = new View(hall, 0, 0)
                .grows(2, View.like(1, 0.9))
                .grows(3, View.like(1, 0.9))
                .grows(8, View.like(1, 0.95))
                .grows(12, View.like(1, 0.95))
                .grows(16, View.like(1, 0.99));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(hall, 0);
            servers.awaitIdle();

            assertThat(said(view)).containsExactly("UNDECIDED 0 early -", "NEW 1 early 1.75");
            assertThat(archive.people()).isEmpty();
            assertThat(archive.sightings(SessionFilter.all())).isEmpty();
            assertThat(archive.counts().persons()).isZero();

            Recording yard = new Recording("yard");
            View elsewhere = new View(yard, 0, 0).grows(3, View.like(1, 0.98)).closes(4, View.like(1, 0.98));
            servers.send(yard.end(), 1);
            servers.awaitIdle();
            assertThat(said(elsewhere)).containsExactly("RECOGNISED 1 early 0.5", "RECOGNISED 1 final 0.5");

            Recording rest = new Recording("hall");
            rest.detections.clear();
            view.closes(20, View.like(1, 0.99));
            rest.sequences.add(hall.sequences.get(hall.sequences.size() - 1));
            servers.send(rest.end(), 0);
            servers.awaitIdle();

            assertThat(said(view)).last().isEqualTo("NEW 1 final 1.75");
            assertThat(archive.people()).hasSize(1);
            assertThat(archive.people().get(0).sequences()).isEqualTo(2);
            assertThat(archive.sightings(SessionFilter.all()))
                    .allSatisfy(row -> assertThat(row.identifiedSeconds()).isPresent());
            assertThat(matcher.running()).isTrue();
        }
        assertThat(registry.counter("paseo.match.decisions", "decision", "new").count())
                .isEqualTo(1);
        assertThat(registry.counter("paseo.match.revised").count()).isZero();
    }

    @Test
    void aNumberGivenInVainIsAnotherNameOfWhoItTurnsOutToBe() throws Exception {
        Recording file = new Recording("door");
        new View(file, 0, 0).closes(5, Recording.person(1));
        View view = new View(file, 10, 0).grows(8, Recording.person(2)).closes(30, View.like(1, 0.9));
        View next = new View(file, 50, 0).closes(6, Recording.person(3));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(said(view)).containsExactly("NEW 2 early 4.25", "RECOGNISED 1 final 9.75");
            assertThat(said(next)).containsExactly("NEW 3 final 13.75");
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 3L);
            assertThat(archive.person(2).orElseThrow())
                    .isEqualTo(archive.person(1).orElseThrow());
            assertThat(archive.counts().persons()).isEqualTo(2);
            // Nobody is stored under the number, and it does not count as somebody to be compared with.
            assertThat(archive.sightings(SessionFilter.all()).get(2).gallerySize())
                    .isEqualTo(1);
            assertThat(number("SELECT count(*) FROM template WHERE person = 2")).isZero();
        }
        assertThat(registry.counter("paseo.match.revised").count()).isEqualTo(1);
    }

    @Test
    void aNumberThatOthersBearIsKept() throws Exception {
        Recording file = new Recording("door");
        new View(file, 0, 0).closes(5, Recording.person(1));
        View founder = new View(file, 10, 0).grows(8, Recording.person(2));
        View follower = new View(file, 20, 0).closes(5, Recording.person(2));
        founder.closes(30, View.like(1, 0.99));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(said(founder)).last().isEqualTo("RECOGNISED 1 final 9.75");
            assertThat(archive.person(2).orElseThrow().sightings())
                    .extracting(SightingRow::sequence)
                    .containsExactly(follower.id);
        }
    }

    @Test
    void aNumberIsNotTakenBackForSomebodyWhoIsOnlyNear() throws Exception {
        Recording file = new Recording("door");
        new View(file, 0, 0).closes(5, Recording.person(1));
        View founder = new View(file, 10, 0).grows(8, View.like(1, 0.6)).closes(30, View.like(1, 0.73));
        View other = new View(file, 50, 0).closes(30, View.like(1, 0.73));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(said(founder)).containsExactly("NEW 2 early 4.25", "NEW 2 final 4.25");
            SightingRow row = archive.sightings(SessionFilter.all()).get(1);
            assertThat(row.similarity().orElseThrow()).isBetween(0.72, 0.74);
            assertThat(said(other)).containsExactly("RECOGNISED 2 final 19.75");
        }
    }

    @Test
    void ofTwoWhoTurnOutToBeTogetherTheLikelierKeepsThePerson() throws Exception {
        Recording file = new Recording("gate");
        new View(file, 0, 0).closes(5, Recording.person(1));
        View likelier = new View(file, 10, 0).grows(3, View.like(1, 0.95));
        View other = new View(file, 20, 1).grows(3, View.like(1, 0.85, 7));
        likelier.apartFrom(other).grows(4, View.like(1, 0.95));
        other.grows(9, View.like(1, 0.99)).closes(12, View.like(1, 0.99));
        likelier.closes(8, View.like(1, 0.95));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(said(likelier)).containsExactly("RECOGNISED 1 early 3.0", "RECOGNISED 1 final 3.0");
            assertThat(said(other))
                    .containsExactly(
                            "RECOGNISED 1 early 5.5", "UNDECIDED 0 early -", "NEW 2 early 7.0", "NEW 2 final 7.0");
            assertThat(archive.people()).hasSize(2);
        }
    }

    @Test
    void whoIsDecidedKeepsThePerson() throws Exception {
        Recording file = new Recording("gate");
        View founder = new View(file, 0, 0).grows(8, Recording.person(1));
        View other = new View(file, 30, 1).grows(3, View.like(1, 0.9)).closes(4, View.like(1, 0.9));
        founder.apartFrom(other).grows(9, Recording.person(1)).closes(12, Recording.person(1));
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(file.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(said(other)).last().isEqualTo("RECOGNISED 1 final 8.0");
            assertThat(said(founder)).containsExactly("NEW 1 early 1.75", "NEW 2 early 2.0", "NEW 2 final 2.0");
            assertThat(archive.people()).extracting(PersonSummary::sequences).containsExactly(1L, 1L);
        }
    }

    @Test
    void stoppingInBetweenAndReadingAgainChangeNothing() throws Exception {
        List<Recording> parts = eventful();
        try (Matcher matcher = servers.startMatcher(registry)) {
            for (Recording part : parts) {
                servers.send(part, 0);
            }
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        String undisturbed = Servers.contents(servers.database());
        List<String> published = allSaid();

        servers.renew();
        for (Recording part : parts) {
            try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
                servers.send(part, 0);
                servers.awaitIdle();
                assertThat(matcher.running()).isTrue();
            }
        }
        assertThat(Servers.contents(servers.database())).isEqualTo(undisturbed);
        assertThat(allSaid()).isEqualTo(published);

        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            for (Recording part : parts) {
                servers.send(part, 0);
            }
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        assertThat(Servers.contents(servers.database())).isEqualTo(undisturbed);
        assertThat(allSaid()).isEqualTo(published);
    }

    /** People who come, change their looks, and stand together, an event at a time. */
    private static List<Recording> eventful() {
        Recording file = new Recording("mall");
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            views.add(new View(file, 10 * i, i));
            views.get(i).grows(3, View.like(i % 3, 0.6 + 0.06 * i));
            views.get(i).grows(8, View.like(i % 3, 0.98 - 0.05 * i));
            if (i >= 2) {
                views.get(i).apartFrom(views.get(i - 1)).grows(20, View.like((i + 1) % 3, 0.9));
                views.get(i - 2).closes(30, View.like(i % 3, 0.9));
            }
        }
        views.get(4).closes(30, View.like(1, 0.99));
        views.get(5).closes(30, View.like(2, 0.99));
        List<Recording> parts = new ArrayList<>();
        file.sequences.forEach(event -> {
            Recording part = new Recording("mall");
            part.sequences.add(event);
            parts.add(part);
        });
        parts.add(new Recording("mall").end());
        return parts;
    }

    private long number(String query) throws Exception {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, query, row -> row.getLong(1));
        }
    }

    private List<String> allSaid() throws Exception {
        return servers.sightings().stream()
                .map(record -> record.value().toString())
                .sorted()
                .toList();
    }

    /** Decision, person, finality and time of identification of what was published of a sequence, in order. */
    private List<String> said(View view) throws Exception {
        return said(view.id);
    }

    private List<String> said(UUID sequence) throws Exception {
        List<String> said = new ArrayList<>();
        for (ConsumerRecord<String, Sighting> record : servers.sightings()) {
            Sighting sighting = record.value();
            if (sighting.sequenceId().equals(sequence)) {
                assertThat(sighting.revision()).isEqualTo(said.size());
                assertThat(new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                        .isEqualTo(sighting.provisional() ? sequence + "/" + said.size() : sequence.toString());
                assertThat(sighting.decision()).isNotEqualTo(Decision.UNUSABLE);
                said.add(
                        sighting.decision() + " " + sighting.person() + (sighting.provisional() ? " early " : " final ")
                                + (sighting.identifiedSeconds().isPresent()
                                        ? sighting.identifiedSeconds().getAsDouble()
                                        : "-"));
            }
        }
        return said;
    }
}
