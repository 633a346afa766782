package paseo.matching.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import paseo.matching.AccessTokens.Scope;

/**
 * One operation of the API's document.
 *
 * @param id its operationId
 * @param method in capitals
 * @param path with {@code {names}} in the place of parameters
 * @param scope that a token must have; empty where none is asked for
 * @param parameters of path and query, as the document has them
 * @param bodyType media type of the body it takes; empty when it takes none
 * @param bodySchema of that body
 */
record Operation(
        String id,
        String method,
        String path,
        Optional<Scope> scope,
        List<JsonNode> parameters,
        Optional<String> bodyType,
        JsonNode bodySchema) {
    Operation {
        parameters = List.copyOf(parameters);
    }

    static Operation of(String path, String method, JsonNode operation) {
        JsonNode security = operation.path("security");
        JsonNode content = operation.path("requestBody").path("content");
        List<JsonNode> parameters = new ArrayList<>();
        operation.path("parameters").forEach(parameters::add);
        Optional<String> type =
                content.isObject() ? Optional.of(content.fieldNames().next()) : Optional.empty();
        return new Operation(
                operation.get("operationId").asText(),
                method,
                path,
                security.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Scope.of(security.get(0).get("token").get(0).asText())),
                parameters,
                type,
                type.map(name -> content.get(name).path("schema")).orElse(content));
    }

    /** The values of the path's parameters; empty when it is not this path. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> pattern = List.of(path.substring(1).split("/", -1));
        if (pattern.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            if (part.startsWith("{")) {
                values.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
