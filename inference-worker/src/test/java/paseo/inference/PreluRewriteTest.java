package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.testing.Assets;

class PreluRewriteTest {
    private static final int SIDE = 7;

    @ParameterizedTest
    @DisplayName("slopes below 0, between 0 and 1 and above 1 give what PRelu gives")
    @ValueSource(strings = {".25", ".25 .25 .25", "-3.5", "7.5", "0", "1", ".1 .9 -.4", ".2 1.7 -1.5", "1.1 2 3"})
    void anySlopesGiveTheSame(String given) throws OrtException {
        String[] parts = given.split(" ", -1);
        float[] slopes = new float[parts.length];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = Float.parseFloat(parts[i]);
        }
        OnnxGraph graph = new OnnxGraph("slopes");
        graph.input("x", 1, 3, SIDE, SIDE);
        graph.output("y", 1, 3, SIDE, SIDE);
        graph.op("PRelu", "y", "x", graph.weights(slopes, slopes.length, 1, 1));
        byte[] model = graph.model().toByteArray();

        byte[] rewritten = PreluRewrite.of(model);

        assertThat(operators(rewritten)).doesNotContain("PRelu");
        assertClose(model, rewritten, 3, SIDE, 1e-6f);
    }

    @ParameterizedTest
    @CsvSource({
        "models/retail/face-reidentification-retail-0095.onnx,128",
        "models/retail/landmarks-regression-retail-0009.onnx,48",
        "models/insightface/mobilefacenet-y1-bgr.onnx,112"
    })
    void realModelsComputeTheSame(String path, int side) throws Exception {
        byte[] model = Files.readAllBytes(Assets.require(path));

        byte[] rewritten = PreluRewrite.of(model);

        assertThat(operators(model)).contains("PRelu");
        assertThat(operators(rewritten)).doesNotContain("PRelu");
        assertClose(model, rewritten, 3, side, 1e-4f);
    }

    @Test
    void slopesThatAreComputedAreLeft() throws Exception {
        OnnxGraph graph = new OnnxGraph("computed");
        graph.input("x", 1, 3, SIDE, SIDE);
        graph.output("y", 1, 3, SIDE, SIDE);
        graph.op("Sigmoid", "slopes", "x");
        graph.op("PRelu", "y", "x", "slopes");
        ModelProto model = graph.model();

        assertThat(ModelProto.parseFrom(PreluRewrite.of(model.toByteArray()))).isEqualTo(model);
    }

    @Test
    void whatNoModelSaysIsLeftToTheRuntime() throws Exception {
        OnnxGraph graph = new OnnxGraph("broken");
        graph.input("x", 1, 3, SIDE, SIDE);
        graph.output("y", 1, 3, SIDE, SIDE);
        graph.op("PRelu", "alone", "x");
        graph.op("PRelu", "y", "x", graph.weights(new float[1], 3, 1, 1));
        ModelProto model = graph.model();

        assertThat(ModelProto.parseFrom(PreluRewrite.of(model.toByteArray()))).isEqualTo(model);
    }

    @Test
    void whatIsNoModelIsLeftAsItIs() {
        byte[] noModel = "no model".getBytes(StandardCharsets.UTF_8);

        assertThat(PreluRewrite.of(noModel)).isEqualTo(noModel);
    }

    private static List<String> operators(byte[] model) {
        try {
            return ModelProto.parseFrom(model).getGraph().getNodeList().stream()
                    .map(NodeProto::getOpType)
                    .distinct()
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Compares with the runtime itself: a model that is loaded as ours has been rewritten. */
    private static void assertClose(byte[] model, byte[] rewritten, int channels, int side, float most)
            throws OrtException {
        float[] input = new float[channels * side * side];
        Random random = new Random(3);
        for (int i = 0; i < input.length; i++) {
            input[i] = 255 * random.nextFloat() - (side == SIDE ? 127 : 0);
        }
        float[] expected = run(model, input, channels, side);
        float[] found = run(rewritten, input, channels, side);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isEqualTo(expected[i], within(most * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static float[] run(byte[] model, float[] input, int channels, int side) throws OrtException {
        var runtime = LastingRuntime.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = runtime.createSession(model, options);
                OnnxTensor tensor = OnnxTensor.createTensor(
                        runtime, FloatBuffer.wrap(input), new long[] {1, channels, side, side});
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] found = new float[values.remaining()];
            values.get(found);
            return found;
        }
    }
}
