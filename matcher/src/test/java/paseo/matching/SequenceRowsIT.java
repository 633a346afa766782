package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;

@Timeout(60)
@ExtendWith(ServersExtension.class)
class SequenceRowsIT {
    private final Servers servers;

    SequenceRowsIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
        Archive.open(servers.database()).close();
    }

    /** Or partitions of the gallery, which are so many numbers wide, would hold few sequences. */
    @Test
    void onlyASequenceThatIsNewTakesANumber() throws SQLException {
        Recording hall = new Recording("hall");
        View first = new View(hall, 0, 0);
        for (int faces = 1; faces <= 12; faces++) {
            first.grows(faces, Recording.person(1));
        }
        first.closes(13, Recording.person(1));
        View erased = new View(hall, 30, 0).grows(1, Recording.person(2)).closes(2, Recording.person(2));
        View next = new View(hall, 60, 0).grows(1, Recording.person(3));
        hall.sequences.addAll(List.copyOf(hall.sequences.subList(0, 12)));

        assertThat(numbers(hall.sequences, erased.id)).hasSize(14).containsOnly(1L, 2L);
        assertThat(servers.count("sequence")).isEqualTo(2);
        assertThat(servers.count("sequence WHERE no = 1 AND id = ? AND faces = 13 AND revision = 12", first.id))
                .isEqualTo(1);
        assertThat(servers.count("sequence WHERE no = 2 AND id = ?", next.id)).isEqualTo(1);
    }

    /** Of each event that changed something, the number of its sequence. */
    private List<Long> numbers(List<SequenceEvent> events, UUID erased) throws SQLException {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "INSERT INTO erased_sequence (id) VALUES (?)", erased);
            short pack = new PackRows(connection).idOf(Recording.PACK);
            long session = new SessionRows(connection).idOf("hall", 1);
            SequenceRows rows = new SequenceRows(connection, session, pack);
            List<Long> numbers = new ArrayList<>();
            for (SequenceEvent event : events) {
                rows.update((Sequence) event).ifPresent(stored -> numbers.add(stored.no()));
            }
            connection.commit();
            return numbers;
        }
    }
}
