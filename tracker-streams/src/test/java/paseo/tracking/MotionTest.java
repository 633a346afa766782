package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import paseo.events.Box;

class MotionTest {
    @Test
    void learnsHowFastAFaceMoves() {
        Motion motion = Motion.start(0, new Box(100, 100, 40, 48));
        for (int i = 1; i <= 20; i++) {
            motion = motion.predict(i * 40_000L).update(new Box(100 + 8 * i, 100, 40, 48));
        }
        Box next = motion.predict(21 * 40_000L).box();
        assertThat(next.x()).isCloseTo(268, within(2f));
        assertThat(next.y()).isCloseTo(100, within(1f));
        assertThat(next.width() / next.height()).isCloseTo(40 / 48f, within(0.01f));
    }

    @Test
    void isVaguerTheLongerItHasNotSeen() {
        Motion motion = Motion.start(0, new Box(100, 100, 40, 48));
        assertThat(motion.predict(40_000).vagueness())
                .isGreaterThan(motion.vagueness())
                .isLessThan(motion.predict(400_000).vagueness());
    }

    @Test
    void predictsTheSameInOneStepAsInTwo() {
        Motion motion =
                Motion.start(0, new Box(100, 100, 40, 48)).predict(40_000).update(new Box(110, 98, 41, 48));
        ScalarFilter one = motion.predict(240_000).x();
        ScalarFilter two = motion.predict(140_000).predict(240_000).x();
        assertThat(two.value()).isCloseTo(one.value(), within(1e-9));
        // Not exactly: the noise follows the predicted size.
        assertThat(two.valueVariance()).isCloseTo(one.valueVariance(), withinPercentage(0.1));
        assertThat(two.velocityVariance()).isCloseTo(one.velocityVariance(), withinPercentage(0.1));
    }

    @Test
    void measuresInFaces() {
        Motion near = Motion.start(0, new Box(0, 0, 100, 100)).predict(40_000);
        Motion far = Motion.start(0, new Box(0, 0, 20, 20)).predict(40_000);
        assertThat(near.distance(new Box(50, 0, 100, 100)))
                .isCloseTo(far.distance(new Box(10, 0, 20, 20)), within(1e-3));
    }
}
