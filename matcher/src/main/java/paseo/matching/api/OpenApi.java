package paseo.matching.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The API's document, which says what there is, what it takes and who may. */
final class OpenApi {
    /** Takes no more of a stranger's JSON than any request needs. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxNumberLength(30)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final byte[] bytes;
    private final JsonNode document;
    private final List<Operation> operations;

    private OpenApi(byte[] bytes, JsonNode document) {
        this.bytes = bytes;
        this.document = document;
        this.operations = operations(document);
    }

    /** The document of this program. */
    static OpenApi shipped() {
        try (InputStream resource = Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
            byte[] bytes = resource.readAllBytes();
            return new OpenApi(bytes, new ObjectMapper().readTree(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Operation> operations(JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        for (var path : document.get("paths").properties()) {
            for (var method : path.getValue().properties()) {
                operations.add(
                        Operation.of(path.getKey(), method.getKey().toUpperCase(Locale.ROOT), method.getValue()));
            }
        }
        return List.copyOf(operations);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    JsonNode document() {
        return document;
    }

    /** All operations, in the document's order. */
    List<Operation> operations() {
        return operations;
    }

    JsonSchema schemas() {
        return new JsonSchema(document);
    }
}
