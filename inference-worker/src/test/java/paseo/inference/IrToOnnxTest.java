package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.inference.ModelPack.ModelFile;
import paseo.testing.Assets;

class IrToOnnxTest {
    @Test
    void theConvertedNetworkComputesWhatTheNetworkSays() throws IOException {
        byte[] model = IrToOnnx.convert(SmallIr.XML, SmallIr.bin());
        try (OnnxModel loaded = OnnxModel.load("small", model, new long[] {-1, 3, 4, 4}, List.of(3L))) {
            assertThat(loaded.outputs()).containsExactly("out_flat_mean");
            FloatBuffer input = OnnxModel.buffer(2 * 3 * 16);
            for (int i = 0; i < 2 * 3 * 16; i++) {
                // Positive in the first of the batch, negative in the second.
                input.put(i, i < 48 ? i / 16 + 1 : -(i / 16 - 2));
            }
            FloatBuffer output = loaded.run(input, 2, 3, 4, 4).get(0);
            for (int channel = 0; channel < 3; channel++) {
                assertThat(output.get(channel)).isEqualTo(2f * (channel + 1), within(1e-6f));
                assertThat(output.get(3 + channel)).isEqualTo(channel + 1f, within(1e-6f));
            }
        }
    }

    @Test
    void theSameNetworkGivesTheSameBytes() throws IOException {
        assertThat(IrToOnnx.convert(SmallIr.XML, SmallIr.bin()))
                .isEqualTo(IrToOnnx.convert(SmallIr.XML.clone(), SmallIr.bin()));
    }

    @Test
    void whatIsNotUnderstoodIsRefusedByName() {
        assertRefused("type=\"AvgPool\"", "type=\"TopK\"", "TopK");
        assertRefused("auto_pad=\"explicit\"", "auto_pad=\"same_upper\"", "same_upper");
        assertRefused("from-layer=\"7\"", "from-layer=\"70\"", "70");
        assertRefused("offset=\"8\"", "offset=\"80\"", "");
    }

    @Test
    void noFileIsReadForAnXmlEntity() {
        assertRefused(
                "<?xml version=\"1.0\"?>",
                "<?xml version=\"1.0\"?><!DOCTYPE net [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
                "DOCTYPE");
    }

    private static void assertRefused(String part, String replacement, String named) {
        String xml = new String(SmallIr.XML, StandardCharsets.UTF_8);
        assertThat(xml).contains(part);
        byte[] changed = xml.replace(part, replacement).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> IrToOnnx.convert(changed, SmallIr.bin()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({
        // The shared conversion of the landmarks was made from weights of full precision, these are published in half.
        "landmarks-regression-retail-0009, 48, 10, 5e-4",
        "head-pose-estimation-adas-0001, 60, 1, 1e-4",
        "face-reidentification-retail-0095, 128, 256, 1e-4"
    })
    void thePublishedNetworksBecomeTheModelsOfThePack(String name, int size, long values, float tolerance)
            throws IOException {
        Path xml = Assets.require("models/openvino-ir/" + name + "-FP16.xml");
        Path bin = Assets.require("models/openvino-ir/" + name + "-FP16.bin");
        Path other = Assets.require("models/retail/" + name + ".onnx");

        byte[] converted = IrToOnnx.convert(Files.readAllBytes(xml), Files.readAllBytes(bin));

        ModelFile file = ModelPack.load("retail").files().stream()
                .filter(candidate -> candidate.path().equals(name + ".onnx"))
                .findFirst()
                .orElseThrow();
        assertThat(file.sha256().get(0)).isEqualTo(ModelStore.sha256(converted));
        assertThat(file.source()).isInstanceOfSatisfying(ModelPack.OpenVino.class, source -> {
            assertThat(source.xml().sha256()).isEqualTo(sha256(xml));
            assertThat(source.bin().sha256()).isEqualTo(sha256(bin));
        });
        long[] shape = {-1, 3, size, size};
        List<Long> rows = name.startsWith("head") ? List.of(1L, 1L, 1L) : List.of(values);
        try (OnnxModel ours = OnnxModel.load("ours", converted, shape, rows);
                OnnxModel theirs = OnnxModel.load("theirs", Files.readAllBytes(other), shape, rows)) {
            assertThat(ours.outputs()).isEqualTo(theirs.outputs());
            FloatBuffer input = OnnxModel.buffer(3 * size * size);
            Random random = new Random(1);
            for (int i = 0; i < input.capacity(); i++) {
                input.put(i, random.nextInt(256));
            }
            List<FloatBuffer> one = ours.run(input, 1, 3, size, size);
            List<FloatBuffer> two = theirs.run(input, 1, 3, size, size);
            for (int output = 0; output < one.size(); output++) {
                for (int i = 0; i < values; i++) {
                    assertThat(one.get(output).get(i)).isEqualTo(two.get(output).get(i), within(tolerance));
                }
            }
        }
    }

    private static String sha256(Path path) {
        try {
            return ModelStore.sha256(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
