package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ModelPackTest {
    @SuppressWarnings("unused") // by name, below
    private static final List<String> BUNDLED = ModelPack.BUNDLED;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @FieldSource("BUNDLED")
    void bundledPacksAreWhatTheyAreCalled(String name) {
        ModelPack pack = ModelPack.load(name);

        assertThat(pack.name()).isEqualTo(name);
        assertThat(pack.id()).startsWith(name + "@");
        assertThat(pack.embeddingDimension()).isIn(128, 256, 512);
        assertThat(pack.thresholds().create())
                .isLessThanOrEqualTo(pack.thresholds().accept());
        assertThat(pack.nonCommercial()).isEqualTo(name.matches("insightface|buffalo.*"));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> ModelPack.load("retial"))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("retial")
                .hasMessageContaining("retail, sface, insightface");
    }

    @Test
    void aManifestThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ModelPack.load(folder.resolve("none.json").toString()))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("none.json");
    }

    @Test
    void anUnknownKeyIsAnError() throws IOException {
        assertRefused("\"yaw\":50", "\"yaw\":50,\"jaw\":50", "jaw");
    }

    @Test
    void aMissingNumberIsAnError() throws IOException {
        assertRefused("\"yaw\":50,", "", "yaw");
    }

    @Test
    void aMissingPartIsAnError() throws IOException {
        assertRefused("\"pose\":{\"kind\":\"adas\"},", "", "pose");
    }

    @Test
    void aFileOutsideThePacksFolderIsAnError() throws IOException {
        assertRefused("\"embedder.onnx\"", "\"../embedder.onnx\"", "../embedder.onnx");
        assertRefused("\"embedder.onnx\"", "\"/etc/passwd\"", "/etc/passwd");
        assertRefused("\"directory\":\"small\"", "\"directory\":\"..\"", "\"..\"");
    }

    @Test
    void aChecksumThatIsNoneIsAnError() throws IOException {
        assertRefused("\"sha256\":[\"", "\"sha256\":[\"x", "SHA-256");
    }

    private void assertRefused(String part, String replacement, String named) throws IOException {
        new SmallPack(folder).write();
        Path manifest = folder.resolve("small").resolve("small.json");
        String json = Files.readString(manifest);
        assertThat(json).contains(part);
        Files.writeString(manifest, json.replaceFirst(Pattern.quote(part), replacement));

        assertThatThrownBy(() -> ModelPack.load(manifest.toString()))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("small.json")
                .hasMessageContaining(named);
    }
}
