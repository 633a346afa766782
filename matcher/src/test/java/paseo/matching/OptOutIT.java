package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Embedding;

/** Whoever has opted out is recognised, dropped and counted; everybody else is as ever. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class OptOutIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    OptOutIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void nothingIsKeptOfWhoHasOptedOutUntilThatIsTakenBack() throws Exception {
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            Recording first = new Recording("first");
            first.walk(1, 5);
            first.walk(2, 5);
            send(first);
            assertThat(numbers(archive)).containsExactly(1L, 2L);

            Erasure erasure = database.erasure("test");
            assertThat(erasure.optOut(9)).isEmpty();
            assertThat(erasure.optOut(1)).hasValueSatisfying(receipt -> {
                assertThat(receipt.numbers()).containsExactly(1L);
                assertThat(receipt.faces()).isEqualTo(5);
            });
            assertThat(erasure.optOuts()).hasSize(1);

            Recording second = new Recording("second");
            UUID unwanted = second.walk(1, 5);
            second.walk(2, 5);
            send(second);
            assertThat(registry.counter("paseo.match.opted.out").count()).isEqualTo(1);
            assertThat(numbers(archive)).containsExactly(2L);
            assertThat(archive.sightings(SessionFilter.all()))
                    .hasSize(2)
                    .allMatch(row -> row.person().equals(OptionalLong.of(2)));
            assertThat(servers.count("sequence WHERE id = ?", unwanted)).isZero();
            assertThat(servers.sightings())
                    .filteredOn(record -> record.key().equals(unwanted.toString()))
                    .as("nothing but that there is none")
                    .allSatisfy(record -> assertThat(record.value()).isNull());
            sweep();
            assertThat(servers.count("face")).isEqualTo(5 + 5);
            assertThat(erasure.optIn(erasure.optOuts().get(0).entry())).isTrue();
            assertThat(erasure.optIn(1)).isFalse();
            Recording third = new Recording("third");
            third.walk(1, 5);
            send(third);
            assertThat(numbers(archive)).as("a new number").containsExactly(2L, 3L);
            assertThat(database.audit().newest(Long.MAX_VALUE, 10))
                    .extracting(AuditEntry::action)
                    .contains("opt-out", "erase", "opt-in");
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void whoMayBeOneOfThemGetsNoNumberFromConsolidation() throws Exception {
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            Recording first = new Recording("first");
            first.walk(Fragments.look(1), 5);
            send(first);
            assertThat(database.erasure("test").optOut(1)).isPresent();

            Recording second = new Recording("second");
            UUID unsure = second.walk(Fragments.look(0.72), 5);
            second.walk(Fragments.stranger(), 5);
            send(second);

            assertThat(servers.count("sequence WHERE id = ? AND decision = 'UNDECIDED' AND person IS NULL", unsure))
                    .isEqualTo(1);
            assertThat(numbers(archive)).as("the stranger").containsExactly(2L);
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void whoIsOnlyLikeOneLookOfSomebodyWhoHasSeveralIsKept() throws Exception {
        float[] like = new float[Recording.DIMENSION];
        like[0] = 0.76f;
        like[1] = -0.5f;
        like[2] = (float) Math.sqrt(1 - like[0] * like[0] - like[1] * like[1]);
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            Recording first = new Recording("first");
            first.walk(Fragments.look(1), 5);
            first.walk(Fragments.look(0.6), 5);
            send(first);
            database.revisions("test").merge(1, 2);
            assertThat(database.erasure("test").optOut(1)).isPresent();

            Recording second = new Recording("second");
            UUID kept = second.walk(Embedding.normalised(like), 5);
            second.walk(Fragments.look(0.9), 5);
            send(second);

            assertThat(servers.count("sequence")).isEqualTo(1);
            assertThat(archive.sightings(SessionFilter.all()))
                    .singleElement()
                    .satisfies(row -> assertThat(row.sequence()).isEqualTo(kept));
            assertThat(matcher.running()).isTrue();
        }
    }

    private void send(Recording recording) throws Exception {
        servers.send(recording.end(), 0);
        servers.awaitIdle();
    }

    private static List<Long> numbers(Archive archive) {
        return archive.people().stream().map(PersonSummary::person).toList();
    }

    private void sweep() throws SQLException {
        try (Connection connection = servers.connect()) {
            new OptOuts(connection).sweep();
        }
    }
}
