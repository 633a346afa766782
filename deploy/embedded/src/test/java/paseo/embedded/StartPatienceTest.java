package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartPatienceTest {
    private static final String RECOVERS = "57P03";
    private static final String REFUSED = "08001";
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** A clock may stand anywhere. */
    private static final long BEGUN = Long.MAX_VALUE - 1;

    private final List<String> notes = new ArrayList<>();
    private final StartPatience patience = new StartPatience(BEGUN, notes::add);

    @Test
    void aServerThatSaysNothingHasTwoMinutes() {
        assertThat(endsAfter(StartPatience.SILENCE, REFUSED)).isFalse();
        assertThat(endsAfter(StartPatience.SILENCE.plus(MOMENT), null)).isTrue();
        assertThat(notes).isEmpty();
    }

    @Test
    void oneThatRecoversHasHalfAnHour() {
        for (Duration waited = MOMENT;
                waited.compareTo(StartPatience.RECOVERY) <= 0;
                waited = waited.plus(Duration.ofMinutes(1))) {
            assertThat(endsAfter(waited, RECOVERS)).isFalse();
        }
        assertThat(endsAfter(StartPatience.RECOVERY.plus(MOMENT), RECOVERS)).isTrue();
        assertThat(notes).containsExactly("PostgreSQL recovers");
    }

    @Test
    void silenceCountsFromTheLastWord() {
        Duration word = Duration.ofMinutes(5);
        assertThat(endsAfter(Duration.ofMinutes(1), RECOVERS)).isFalse();
        assertThat(endsAfter(Duration.ofMinutes(3), RECOVERS)).isFalse();
        assertThat(endsAfter(word, RECOVERS)).isFalse();
        assertThat(endsAfter(word.plus(StartPatience.SILENCE), REFUSED)).isFalse();
        assertThat(endsAfter(word.plus(StartPatience.SILENCE).plus(MOMENT), REFUSED))
                .isTrue();
    }

    @Test
    void anOrdinaryStartIsNoRecovery() {
        assertThat(endsAfter(MOMENT, RECOVERS)).isFalse();
        assertThat(endsAfter(StartPatience.NOTED, RECOVERS)).isFalse();
        assertThat(notes).isEmpty();
    }

    private boolean endsAfter(Duration waited, @Nullable String sqlState) {
        return patience.endsAt(BEGUN + waited.toNanos(), sqlState);
    }
}
