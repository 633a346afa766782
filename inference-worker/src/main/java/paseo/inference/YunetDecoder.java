package paseo.inference;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the outputs of YuNet (opencv_zoo, {@code face_detection_yunet} from 2023 on): for strides 8, 16 and 32 one
 * anchor per cell, row by row. Score = sqrt(class * objectness), centre = (cell + b) * stride, size = exp(b) * stride,
 * point = (cell + k) * stride.
 */
final class YunetDecoder implements DetectionDecoder {
    private static final int[] STRIDES = {8, 16, 32};

    private final int[][] outputs = new int[STRIDES.length][];

    /**
     * For a model with outputs of these names.
     *
     * @throws ModelPackException if YuNet's are not among them
     */
    YunetDecoder(List<String> names) {
        for (int level = 0; level < STRIDES.length; level++) {
            int stride = STRIDES[level];
            outputs[level] = List.of("cls_", "obj_", "bbox_", "kps_").stream()
                    .mapToInt(kind -> names.indexOf(kind + stride))
                    .toArray();
            for (int index : outputs[level]) {
                if (index < 0) {
                    throw new ModelPackException("the detector gives " + names
                            + " where YuNet's cls_8, obj_8, bbox_8, kps_8 ... are expected");
                }
            }
        }
    }

    @Override
    public List<Detection> decode(List<FloatBuffer> values, int width, int height, float least) {
        List<Detection> found = new ArrayList<>();
        for (int level = 0; level < STRIDES.length; level++) {
            int stride = STRIDES[level];
            int columns = width / stride;
            int cells = columns * (height / stride);
            FloatBuffer classes = values.get(outputs[level][0]);
            FloatBuffer objectness = values.get(outputs[level][1]);
            for (int cell = 0; cell < cells; cell++) {
                float score = (float) Math.sqrt(clamp(classes.get(cell)) * clamp(objectness.get(cell)));
                if (score >= least) {
                    FloatBuffer box = values.get(outputs[level][2]);
                    FloatBuffer points = values.get(outputs[level][3]);
                    detection(box, points, cell, cell % columns, cell / columns, stride, score)
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<Detection> detection(
            FloatBuffer box, FloatBuffer points, int cell, int column, int row, int stride, float score) {
        float centreX = (column + box.get(cell * 4)) * stride;
        float centreY = (row + box.get(cell * 4 + 1)) * stride;
        float width = (float) Math.exp(box.get(cell * 4 + 2)) * stride;
        float height = (float) Math.exp(box.get(cell * 4 + 3)) * stride;
        float[] landmarks = new float[10];
        for (int i = 0; i < landmarks.length; i++) {
            landmarks[i] = ((i % 2 == 0 ? column : row) + points.get(cell * 10 + i)) * stride;
        }
        return Detection.of(score, landmarks, centreX - width / 2, centreY - height / 2, width, height);
    }

    private static float clamp(float probability) {
        return Math.max(0, Math.min(1, probability));
    }
}
