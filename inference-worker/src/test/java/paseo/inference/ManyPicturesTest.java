package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.inference.onnx.ModelProto;
import paseo.testing.Assets;

class ManyPicturesTest {
    private static final int WIDTH = 192;
    private static final int HEIGHT = 128;
    private static final int VALUES = 3 * WIDTH * HEIGHT;
    private static final int PICTURES = 3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/retail/face_detection_yunet_2026may.onnx",
                "models/insightface/det_500m.onnx",
                "models/insightface/det_2.5g.onnx"
            })
    void picturesLookedAtTogetherAreSeenAsAlone(String path) throws IOException {
        byte[] model = Files.readAllBytes(Assets.require(path));
        List<Long> rows =
                FaceDetector.rows(path.contains("yunet") ? ModelPack.DetectorKind.YUNET : ModelPack.DetectorKind.SCRFD);
        try (OnnxModel alone = OnnxModel.load("alone", model, new long[] {1, 3, -1, -1}, rows);
                OnnxModel many = OnnxModel.load("many", ManyPictures.of(model), new long[] {-1, 3, -1, -1}, rows)) {
            assertThat(alone.takesBatches()).isFalse();
            assertThat(many.takesBatches()).isTrue();
            FloatBuffer pictures = OnnxModel.buffer(PICTURES * VALUES);
            Random random = new Random(7);
            for (int i = 0; i < pictures.capacity(); i++) {
                pictures.put(i, 255 * random.nextFloat());
            }
            List<FloatBuffer> together = many.run(pictures, PICTURES, 3, HEIGHT, WIDTH);
            for (int picture = 0; picture < PICTURES; picture++) {
                FloatBuffer one = OnnxModel.buffer(VALUES).put(0, pictures, picture * VALUES, VALUES);
                List<FloatBuffer> outputs = alone.run(one, 1, 3, HEIGHT, WIDTH);
                for (int output = 0; output < outputs.size(); output++) {
                    FloatBuffer expected = outputs.get(output);
                    assertThat(together.get(output).remaining()).isEqualTo(PICTURES * expected.remaining());
                    for (int i = 0; i < expected.remaining(); i++) {
                        assertThat(together.get(output).get(picture * expected.remaining() + i))
                                .isEqualTo(expected.get(i), within(1e-3f));
                    }
                }
            }
        }
    }

    @Test
    void whatIsNoDetectorIsLeftAsItIs() {
        byte[] noModel = "no model".getBytes(StandardCharsets.UTF_8);
        ModelProto embedder = SmallPack.embedder(1).model();

        assertThat(ManyPictures.of(noModel)).isEqualTo(noModel);
        assertThat(ManyPictures.of(embedder.toByteArray())).satisfies(changed -> {
            ModelProto proto = ModelProto.parseFrom(changed);
            assertThat(proto.getGraph().getNodeList())
                    .isEqualTo(embedder.getGraph().getNodeList());
        });
    }
}
