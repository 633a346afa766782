package paseo.inference;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the outputs of SCRFD with key points (InsightFace {@code det_*.onnx}): three scores, three boxes, three sets of
 * points for strides 8, 16 and 32, two anchors per cell, row by row. Centre = cell * stride; the box is four distances
 * from it (left, top, right, bottom), a point an offset, all in strides.
 */
final class ScrfdDecoder implements DetectionDecoder {
    private static final int[] STRIDES = {8, 16, 32};
    private static final int ANCHORS = 2;

    @Override
    public List<Detection> decode(List<FloatBuffer> outputs, int width, int height, float least) {
        List<Detection> found = new ArrayList<>();
        for (int level = 0; level < STRIDES.length; level++) {
            int stride = STRIDES[level];
            int columns = width / stride;
            int anchors = columns * (height / stride) * ANCHORS;
            FloatBuffer scores = outputs.get(level);
            if (scores.remaining() != anchors) {
                throw new IllegalStateException("SCRFD gave " + scores.remaining() + " scores for stride " + stride
                        + " of " + width + "x" + height + " pixels, not " + anchors);
            }
            for (int anchor = 0; anchor < anchors; anchor++) {
                float score = scores.get(anchor);
                if (score >= least) {
                    int cell = anchor / ANCHORS;
                    FloatBuffer box = outputs.get(STRIDES.length + level);
                    FloatBuffer points = outputs.get(2 * STRIDES.length + level);
                    detection(box, points, anchor, cell % columns, cell / columns, stride, score)
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<Detection> detection(
            FloatBuffer box, FloatBuffer points, int anchor, int column, int row, int stride, float score) {
        float left = (column - box.get(anchor * 4)) * stride;
        float top = (row - box.get(anchor * 4 + 1)) * stride;
        float right = (column + box.get(anchor * 4 + 2)) * stride;
        float bottom = (row + box.get(anchor * 4 + 3)) * stride;
        float[] landmarks = new float[10];
        for (int i = 0; i < landmarks.length; i++) {
            landmarks[i] = ((i % 2 == 0 ? column : row) + points.get(anchor * 10 + i)) * stride;
        }
        return Detection.of(score, landmarks, left, top, right - left, bottom - top);
    }
}
