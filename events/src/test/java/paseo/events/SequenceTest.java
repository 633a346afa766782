package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class SequenceTest {
    @Test
    void idIsAVersion5UuidThatNeverChanges() {
        UUID id = Sequence.idOf("entrance", 7, 30, 2);
        assertThat(id).isEqualTo(Sequence.idOf("entrance", 7, 30, 2));
        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id).hasToString("6e31b4da-a665-5cab-b9ea-544f71117c9b");
    }

    @Test
    void idTellsCamerasSessionsFramesAndTracksApart() {
        assertThat(new UUID[] {
                    Sequence.idOf("entrance", 7, 30, 2),
                    Sequence.idOf("exit", 7, 30, 2),
                    Sequence.idOf("entrance", 8, 30, 2),
                    Sequence.idOf("entrance", 7, 31, 2),
                    Sequence.idOf("entrance", 7, 30, 3)
                })
                .doesNotHaveDuplicates();
    }
}
