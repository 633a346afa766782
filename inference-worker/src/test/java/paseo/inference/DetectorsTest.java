package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Landmarks;

class DetectorsTest {
    private static final List<String> YUNET = List.of(
            "cls_8", "cls_16", "cls_32", "obj_8", "obj_16", "obj_32", "bbox_8", "bbox_16", "bbox_32", "kps_8", "kps_16",
            "kps_32");

    @Test
    void yunetCountsFromItsCell() {
        List<FloatBuffer> outputs = new ArrayList<>();
        for (int values : new int[] {1, 1, 4, 10}) {
            for (int stride : new int[] {8, 16, 32}) {
                outputs.add(FloatBuffer.allocate(values * 96 / stride * 64 / stride));
            }
        }
        // Stride 16 of 96 x 64 pixels has 6 x 4 cells; this is column 4, row 2.
        int cell = 2 * 6 + 4;
        outputs.get(1).put(cell, 0.9f);
        outputs.get(4).put(cell, 0.4f);
        outputs.get(7).put(cell * 4, 0.5f).put(cell * 4 + 1, 0.25f).put(cell * 4 + 2, (float) Math.log(2));
        outputs.get(10).put(cell * 10, -0.5f).put(cell * 10 + 9, 1.5f);

        List<Detection> found = new YunetDecoder(YUNET).decode(outputs, 96, 64, 0.5f);

        assertThat(found).hasSize(1);
        assertThat(found.get(0).score()).isEqualTo(0.6f, within(1e-6f));
        assertThat(found.get(0).box().centreX()).isEqualTo(72, within(1e-4f));
        assertThat(found.get(0).box().centreY()).isEqualTo(36, within(1e-4f));
        assertThat(found.get(0).box().width()).isEqualTo(32, within(1e-4f));
        assertThat(found.get(0).box().height()).isEqualTo(16, within(1e-4f));
        assertThat(found.get(0).points().leftEye()).isEqualTo(new Landmarks.Point(56, 32));
        assertThat(found.get(0).points().rightMouth()).isEqualTo(new Landmarks.Point(64, 56));
    }

    @Test
    void yunetMustHaveItsOutputs() {
        assertThatThrownBy(() -> new YunetDecoder(List.of("a", "b")))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("[a, b]");
    }

    @Test
    void scrfdCountsDistancesFromItsCellWithTwoAnchorsEach() {
        List<FloatBuffer> outputs = scrfd(64, 64);
        // Stride 32 of 64 x 64 pixels has 2 x 2 cells; this is the second anchor of column 1, row 0.
        int anchor = 1 * 2 + 1;
        outputs.get(2).put(anchor, 0.8f);
        outputs.get(5)
                .put(anchor * 4, 0.5f)
                .put(anchor * 4 + 1, 0.25f)
                .put(anchor * 4 + 2, 1)
                .put(anchor * 4 + 3, 2);
        outputs.get(8).put(anchor * 10 + 4, 0.125f).put(anchor * 10 + 5, 0.5f);

        List<Detection> found = new ScrfdDecoder().decode(outputs, 64, 64, 0.5f);

        assertThat(found).hasSize(1);
        assertThat(found.get(0).box()).isEqualTo(new Box(16, -8, 48, 72));
        assertThat(found.get(0).points().nose()).isEqualTo(new Landmarks.Point(36, 16));
    }

    @Test
    void numbersThatMakeNoBoxAreNoDetections() {
        List<FloatBuffer> outputs = scrfd(64, 64);
        outputs.get(2).put(0, 0.8f).put(1, Float.NaN).put(2, 0.9f);
        outputs.get(5).put(0, Float.NaN).put(8, -3);

        assertThat(new ScrfdDecoder().decode(outputs, 64, 64, 0.5f)).isEmpty();
    }

    private static List<FloatBuffer> scrfd(int width, int height) {
        List<FloatBuffer> outputs = new ArrayList<>();
        for (int values : new int[] {1, 4, 10}) {
            for (int stride : new int[] {8, 16, 32}) {
                outputs.add(FloatBuffer.allocate(2 * values * (width / stride) * (height / stride)));
            }
        }
        return outputs;
    }

    @Test
    void ofOverlappingDetectionsTheBestStays() {
        Detection good = face(10, 10, 20, 0.9f);
        Detection shifted = face(12, 10, 20, 0.8f);
        Detection elsewhere = face(60, 10, 20, 0.5f);

        assertThat(Detection.distinct(List.of(elsewhere, shifted, good), 0.3f)).containsExactly(good, elsewhere);
        assertThat(Detection.distinct(List.of(elsewhere, shifted, good), 0.9f))
                .containsExactly(good, shifted, elsewhere);
    }

    @Test
    void noTwoThatStayOverlapAndEveryOneThatGoesOverlapsABetterOne() {
        Random random = new Random(5);
        for (int round = 0; round < 100; round++) {
            List<Detection> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(face(random.nextInt(60), random.nextInt(60), 5 + random.nextInt(40), random.nextFloat()));
            }
            List<Detection> kept = Detection.distinct(all, 0.4f);
            for (Detection face : all) {
                boolean better = kept.stream()
                        .anyMatch(other -> !other.equals(face)
                                && other.score() >= face.score()
                                && other.box().iou(face.box()) > 0.4);
                assertThat(kept.contains(face)).isNotEqualTo(better);
            }
        }
    }

    private static Detection face(float x, float y, float size, float score) {
        return new Detection(new Box(x, y, size, size), score, Landmarks.of(new float[10]));
    }
}
