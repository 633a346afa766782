package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BoxTest {
    @Test
    void overlapOfBoxes() {
        Box box = new Box(0, 0, 10, 10);
        assertThat(box.iou(box)).isEqualTo(1);
        assertThat(box.iou(new Box(5, 0, 10, 10))).isCloseTo(1.0 / 3, within(1e-6));
        assertThat(box.iou(new Box(10, 10, 5, 5))).isZero();
        assertThat(new Box(0, 0, 0, 0).iou(new Box(0, 0, 0, 0))).isZero();
    }

    @Test
    void refusesWhatIsNoBox() {
        assertThatThrownBy(() -> new Box(0, 0, -1, 1)).isInstanceOf(EventFormatException.class);
        assertThatThrownBy(() -> new Box(Float.NaN, 0, 1, 1)).hasMessageContaining("finite");
    }
}
