package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.StringStringEntryProto;
import paseo.inference.onnx.TensorProto;

class OnnxModelTest {
    private static final long[] SHAPE = {-1, 3, 128, 128};
    private static final List<Long> ROWS = List.of((long) SmallPack.DIMENSION);

    @Test
    void aBatchAgreesWithOneAtATime() {
        try (OnnxModel model = OnnxModel.load("m", bytes(SmallPack.embedder(1)), SHAPE, ROWS)) {
            int values = 3 * 128 * 128;
            int batch = 5;
            FloatBuffer input = OnnxModel.buffer(batch * values);
            Random random = new Random(4);
            for (int i = 0; i < input.capacity(); i++) {
                input.put(i, 255 * random.nextFloat());
            }
            FloatBuffer together = model.run(input, batch, 3, 128, 128).get(0);
            for (int number = 0; number < batch; number++) {
                FloatBuffer one = OnnxModel.buffer(values).put(0, input, number * values, values);
                FloatBuffer alone = model.run(one, 1, 3, 128, 128).get(0);
                for (int i = 0; i < SmallPack.DIMENSION; i++) {
                    assertThat(together.get(number * SmallPack.DIMENSION + i)).isEqualTo(alone.get(i), within(1e-4f));
                }
            }
        }
    }

    @Test
    void anInputOfBytesGivesTheSameAsOneOfFloats() {
        for (ModelPack.PixelFormat format : List.of(
                new ModelPack.PixelFormat(ModelPack.Channels.BGR, 0, 1),
                new ModelPack.PixelFormat(ModelPack.Channels.RGB, 127.5f, 128))) {
            byte[] model = bytes(SmallPack.embedder(1));
            try (OnnxModel floats = OnnxModel.load("m", model, SHAPE, ROWS);
                    OnnxModel bytes = OnnxModel.load("m", ByteInput.of(model, format), SHAPE, ROWS)) {
                byte[] pixels = new byte[3 * 128 * 128];
                new Random(5).nextBytes(pixels);
                FloatBuffer normalised = OnnxModel.buffer(pixels.length);
                for (int i = 0; i < pixels.length; i++) {
                    normalised.put(i, ((pixels[i] & 0xff) - format.mean()) / format.deviation());
                }
                ByteBuffer direct = ByteBuffer.allocateDirect(pixels.length).put(0, pixels);

                assertThat(bytes.run(direct, 1, 3, 128, 128)).isEqualTo(floats.run(normalised, 1, 3, 128, 128));
            }
        }
    }

    @Test
    void outputsIntoTheSameMemoryAreThoseOfTheirOwnRun() {
        try (OnnxModel model = OnnxModel.load("m", bytes(SmallPack.embedder(1)), SHAPE, ROWS)) {
            OutputBuffers into = new OutputBuffers();
            Random random = new Random(6);
            FloatBuffer input = OnnxModel.buffer(2 * 3 * 128 * 128);
            for (int run = 0; run < 3; run++) {
                for (int i = 0; i < input.capacity(); i++) {
                    input.put(i, 255 * random.nextFloat());
                }
                List<FloatBuffer> outputs = model.run(input, into, 2, 3, 128, 128);

                assertThat(outputs).isEqualTo(model.run(input, 2, 3, 128, 128));
                assertThat(outputs.get(0).isDirect()).isEqualTo(run > 0);
            }
        }
    }

    @Test
    void whatHasNoSingleInputIsLeftAsItIs() {
        byte[] none = ModelProto.getDefaultInstance().toByteArray();
        byte[] noModel = "no model".getBytes(StandardCharsets.UTF_8);
        ModelPack.PixelFormat format = new ModelPack.PixelFormat(ModelPack.Channels.BGR, 0, 1);

        assertThat(ByteInput.of(none, format)).isEqualTo(none);
        assertThat(ByteInput.of(noModel, format)).isEqualTo(noModel);
    }

    @Test
    void aModelForOneFaceAtATimeIsGoodEnough() {
        ModelProto.Builder model = SmallPack.embedder(1).model().toBuilder();
        model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);

        OnnxModel.load("m", model.build().toByteArray(), SHAPE, ROWS).close();
    }

    @Test
    void aModelOfAnotherOutputIsRefused() {
        byte[] model = bytes(SmallPack.embedder(1));

        assertThatThrownBy(() -> OnnxModel.load("small/embedder.onnx", model, SHAPE, List.of(256L)))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("small/embedder.onnx gives outputs with rows of [48] values where [256]");
    }

    @Test
    void aDeviceThatFailsIsNotPutDownToTheModel() {
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "a build for a device");
        byte[] model = bytes(SmallPack.embedder(1));
        Accelerator cuda = new Accelerator(Device.CUDA, Path.of("engines"));

        assertThatThrownBy(() -> OnnxModel.load("small/embedder.onnx", model, SHAPE, ROWS, cuda))
                .isInstanceOf(ModelPackException.class)
                .hasMessageStartingWith("--device cuda: small/embedder.onnx cannot be set up on it: ");
    }

    @Test
    void whatIsNotAModelIsRefused() {
        for (String content : List.of("", "not a model", "\u0008")) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> OnnxModel.load("x.onnx", bytes, SHAPE, ROWS))
                    .isInstanceOf(ModelPackException.class)
                    .hasMessageContaining("x.onnx");
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 42: weights in another file are refused wherever they are")
    void weightsInAnotherFileAreRefusedWhereverTheyAre() {
        TensorProto external = TensorProto.newBuilder()
                .setName("c0")
                .setDataType(1)
                .addDims(1)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("../../etc/passwd"))
                .build();
        ModelProto model = SmallPack.embedder(1).model();
        ModelProto.Builder initializer = model.toBuilder();
        initializer.getGraphBuilder().addInitializer(external);
        ModelProto.Builder attribute = model.toBuilder();
        attribute
                .getGraphBuilder()
                .getNodeBuilder(0)
                .addAttributeBuilder()
                .setName("value")
                .setT(external);
        ModelProto.Builder nested = model.toBuilder();
        nested.getGraphBuilder()
                .getNodeBuilder(0)
                .addAttributeBuilder()
                .setName("body")
                .setG(GraphProto.newBuilder()
                        .addInitializer(external.toBuilder().setRawData(ByteString.EMPTY)));

        for (ModelProto.Builder crafted : List.of(initializer, attribute, nested)) {
            byte[] bytes = crafted.build().toByteArray();
            assertThatThrownBy(() -> OnnxModel.load("x.onnx", bytes, SHAPE, ROWS))
                    .isInstanceOf(ModelPackException.class)
                    .hasMessageContaining("x.onnx keeps weights in another file");
        }
    }

    private static byte[] bytes(OnnxGraph graph) {
        return graph.model().toByteArray();
    }
}
