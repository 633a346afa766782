package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RewindNoteTest {
    @Test
    void anOffsetGoesBesideWhateverTheTextSays() {
        for (String text : new String[] {"", "left", "deaths so far: 1"}) {
            String noted = RewindNote.add(text, OptionalLong.of(42));
            assertThat(RewindNote.without(noted)).isEqualTo(text);
            assertThat(RewindNote.from(noted)).isEqualTo(OptionalLong.of(42));
            assertThat(RewindNote.add(text, OptionalLong.empty())).isEqualTo(text);
            assertThat(RewindNote.from(text)).isEmpty();
            assertThat(RewindNote.without(text)).isEqualTo(text);
        }
        assertThat(RewindNote.from("x from y")).isEmpty();
    }
}
