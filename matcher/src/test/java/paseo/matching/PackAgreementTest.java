package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackAgreementTest {
    @Test
    void bothSharesMustReachTheFloor() {
        assertThat(new PackAgreement(100, 95, 100, 20, 19, 0.5).reaches(0.95)).isTrue();
        assertThat(new PackAgreement(100, 94, 100, 20, 20, 0.5).reaches(0.95)).isFalse();
        assertThat(new PackAgreement(100, 100, 100, 20, 18, 0.5).reaches(0.95)).isFalse();
    }

    @Test
    void wherePairsAreMissingThePersonsDecide() {
        assertThat(new PackAgreement(2, 2, 2, 0, 0, 0.5).reaches(1)).isTrue();
    }

    @Test
    void whatCannotBeMeasuredReachesNoFloorButNone() {
        PackAgreement nothing = new PackAgreement(0, 0, 0, 5, 5, 0.5);
        assertThat(nothing.reaches(0.01)).isFalse();
        assertThat(nothing.reaches(0)).isTrue();
        assertThat(nothing.agreement()).isZero();
    }
}
