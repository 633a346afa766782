package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompanyTest {
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(20);

    private final Company company = new Company(0);
    private long now;

    @Test
    void isExpectedAtFirst() {
        assertThat(company.likely(WAIT)).isTrue();
    }

    @Test
    void doesNotComeToOneCamera() {
        come(25, 1, 40);

        assertThat(company.likely(WAIT)).isFalse();
    }

    @Test
    void comesWhereThereAreManyCameras() {
        come(100, 1, 10);

        assertThat(company.likely(WAIT)).isTrue();
    }

    @Test
    void comesFromAFileThatIsReadInHeaps() {
        come(5, 16, 300);

        assertThat(company.likely(WAIT)).isTrue();
    }

    @Test
    void comesAgainSoonAfterAnHourOfSilence() {
        come(100, 1, 10);
        come(1, 1, TimeUnit.HOURS.toMillis(1));
        assertThat(company.likely(WAIT)).isFalse();

        come(50, 1, 10);
        assertThat(company.likely(WAIT)).isTrue();
    }

    private void come(int times, int records, long gapMillis) {
        for (int i = 0; i < times; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(gapMillis);
            company.came(0, now);
            company.came(records, now);
        }
    }
}
