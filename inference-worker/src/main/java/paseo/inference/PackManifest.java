package paseo.inference;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Reads the manifests of model packs. What it does not know is an error: a misspelt gate must not be an open one. */
final class PackManifest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PackManifest() {}

    /** See {@link ModelPack#load}. */
    static ModelPack load(String nameOrManifest) {
        if (nameOrManifest.endsWith(".json")) {
            Path manifest = Path.of(nameOrManifest).toAbsolutePath();
            try {
                ModelPack pack = parse(Files.readString(manifest), nameOrManifest);
                return pack.in(requireNonNull(manifest.getParent()).toString());
            } catch (IOException e) {
                throw new ModelPackException("cannot read the model pack " + nameOrManifest + ": " + e, e);
            }
        }
        if (!ModelPack.BUNDLED.contains(nameOrManifest)) {
            throw new ModelPackException("there is no model pack " + nameOrManifest + ": take one of "
                    + String.join(", ", ModelPack.BUNDLED) + ", or the path of a manifest (.json)");
        }
        try (InputStream manifest = PackManifest.class.getResourceAsStream("/packs/" + nameOrManifest + ".json")) {
            return parse(new String(requireNonNull(manifest).readAllBytes(), StandardCharsets.UTF_8), nameOrManifest);
        } catch (IOException e) {
            throw new ModelPackException("cannot read the bundled model pack " + nameOrManifest, e);
        }
    }

    /**
     * The pack of a manifest.
     *
     * @param where to name in an error
     * @throws ModelPackException if it is not a manifest
     */
    static ModelPack parse(String json, String where) {
        try {
            ModelPack pack = MAPPER.readValue(json, ModelPack.class);
            ModelPack.checkFileName(pack.directory());
            return pack;
        } catch (JsonMappingException e) {
            String place = e.getPath().stream()
                    .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                    .collect(Collectors.joining(" > "));
            throw new ModelPackException(
                    "the model pack " + where + " is wrong at " + place + ": " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new ModelPackException("the model pack " + where + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelPackException("the model pack " + where + " is wrong: " + e.getMessage(), e);
        }
    }
}
