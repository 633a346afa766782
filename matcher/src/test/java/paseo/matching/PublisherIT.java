package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.PersonEvent;
import paseo.events.Topics;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class PublisherIT {
    private static final int WAITING = 1_200;

    private final Servers servers;

    PublisherIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    /** Or readers would keep a person who is erased. */
    @Test
    void aTombstoneComesBehindAllThatWasSaidBefore() throws Exception {
        try (Database database = Database.open(servers.database())) {
            database.transaction(connection -> {
                PersonOutbox outbox = new PersonOutbox(connection);
                for (int i = 1; i <= WAITING; i++) {
                    outbox.add(said(i), OptionalLong.empty());
                }
                new TombstoneOutbox(connection).add(Topics.PERSONS.name(), List.of("7"));
                return true;
            });
        }
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Servers.await(() -> servers.count("tombstone_outbox") == 0 && servers.count("person_outbox") == 0);
            assertThat(matcher.running()).isTrue();
        }
        List<ConsumerRecord<String, PersonEvent>> records = servers.records(Topics.PERSONS);
        assertThat(records).hasSize(WAITING + 1);
        assertThat(records.get(WAITING).value()).isNull();
    }

    /** Kafka refuses more than a megabyte in one. */
    @Test
    void whatIsSaidOfManySequencesAreSeveralRecords() throws Exception {
        List<UUID> moved =
                IntStream.range(0, 30_000).mapToObj(i -> new UUID(7, i)).toList();
        PersonEvent merged = new PersonEvent(
                "ledger/9",
                PersonEvent.Kind.MERGED,
                1,
                2,
                moved,
                OptionalDouble.of(0.8),
                "agreement",
                0,
                OptionalDouble.empty(),
                Recording.PACK);
        try (Database database = Database.open(servers.database())) {
            database.transaction(connection -> {
                new PersonOutbox(connection).add(merged, OptionalLong.empty());
                return true;
            });
        }
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Servers.await(() -> !matcher.running() || servers.count("person_outbox") == 0);
            assertThat(matcher.running()).isTrue();
        }
        List<PersonEvent> records = servers.records(Topics.PERSONS).stream()
                .map(ConsumerRecord::value)
                .toList();
        assertThat(records)
                .extracting(PersonEvent::id)
                .as("the first is what it would be alone")
                .containsExactly("ledger/9", "ledger/9/2", "ledger/9/3");
        assertThat(records)
                .allSatisfy(record -> assertThat(record)
                        .usingRecursiveComparison()
                        .ignoringFields("id", "sequences")
                        .isEqualTo(merged));
        assertThat(records.stream()
                        .flatMap(record -> record.sequences().stream())
                        .toList())
                .isEqualTo(moved);
    }

    private static PersonEvent said(int count) {
        return new PersonEvent(
                "silhouette/7/" + count,
                PersonEvent.Kind.SILHOUETTE,
                7,
                LedgerEvent.NOBODY,
                List.of(),
                OptionalDouble.empty(),
                "",
                0,
                OptionalDouble.of(0.5),
                Recording.PACK);
    }
}
