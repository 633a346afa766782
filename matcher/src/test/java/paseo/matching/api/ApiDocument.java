package paseo.matching.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** The shipped document for tests of what the server does. */
public final class ApiDocument {
    private static final OpenApi SHIPPED = OpenApi.shipped();

    private ApiDocument() {}

    /** An operation as a test needs it. */
    public record Route(String id, String method, String path, Optional<String> scope, Optional<String> bodyType) {
        /** The path with something that fits in the place of each parameter. */
        public String example() {
            return path.replace("{person}", "1")
                    .replace("{sequence}", "00000000-0000-0000-0000-000000000001")
                    .replace("{ordinal}", "1")
                    .replace("{position}", "1")
                    .replace("{id}", "1")
                    .replace("{file}", "app.js")
                    .replace("{camera}", "a");
        }
    }

    /** All operations. */
    public static List<Route> routes() {
        return SHIPPED.operations().stream()
                .map(operation -> new Route(
                        operation.id(),
                        operation.method(),
                        operation.path(),
                        operation.scope().map(scope -> scope.word()),
                        operation.bodyType()))
                .toList();
    }

    /** What is wrong with an answer's body, beside what the document says of it. */
    public static Optional<String> fault(Route route, int status, JsonNode body) {
        JsonNode response = SHIPPED.document()
                .get("paths")
                .get(route.path())
                .get(route.method().toLowerCase(java.util.Locale.ROOT))
                .get("responses")
                .get(Integer.toString(status));
        if (response == null) {
            return Optional.of("status " + status + " is not described");
        }
        if (response.has("$ref")) {
            response = SHIPPED.document().at(response.get("$ref").asText().substring(1));
        }
        for (JsonNode content : response.path("content")) {
            if (content.has("schema")) {
                return SHIPPED.schemas().fault(content.get("schema"), body, route.id());
            }
        }
        return Optional.empty();
    }
}
