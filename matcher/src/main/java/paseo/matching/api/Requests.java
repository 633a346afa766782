package paseo.matching.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import paseo.matching.AccessTokens.Token;

/** Makes calls of requests: everything that the document says of parameters and bodies is held to here. */
final class Requests {
    private static final int MOST_JSON = 16 << 10;
    private static final int MOST_PICTURE = 8 << 20;
    private static final int MOST_LAST_EVENT_ID = 4_096;

    private final JsonSchema schemas;

    Requests(JsonSchema schemas) {
        this.schemas = schemas;
    }

    /** The segments of a path, decoded. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            try {
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest("the path has a % that is no escape");
            }
        }
        return segments;
    }

    /** @throws Problem if the request is not as the operation's description says */
    Call call(Operation operation, Map<String, String> path, Request request, Optional<Token> token)
            throws IOException {
        Map<String, JsonNode> parameters = parameters(operation, path, query(request));
        Optional<String> lastEventId = Optional.ofNullable(request.getHeaders().get("Last-Event-ID"));
        if (lastEventId.isPresent() && lastEventId.get().length() > MOST_LAST_EVENT_ID) {
            throw Problem.badRequest("Last-Event-ID is too long");
        }
        if (operation.bodyType().isEmpty()) {
            return new Call(token, parameters, MissingNode.getInstance(), ByteBuffer.allocate(0), lastEventId);
        }
        String type = operation.bodyType().get();
        String sent = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("")
                .replaceFirst(";.*", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!sent.equals(type)) {
            throw new Problem(415, "the body must be " + type);
        }
        boolean json = type.equals("application/json");
        byte[] body = body(request, json ? MOST_JSON : MOST_PICTURE);
        return json
                ? new Call(token, parameters, json(operation, body), ByteBuffer.allocate(0), lastEventId)
                : new Call(token, parameters, MissingNode.getInstance(), ByteBuffer.wrap(body), lastEventId);
    }

    private static Fields query(Request request) {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw Problem.badRequest("the query is not UTF-8 with escapes");
        }
    }

    private Map<String, JsonNode> parameters(Operation operation, Map<String, String> path, Fields query) {
        Map<String, JsonNode> values = new HashMap<>();
        Set<String> unknown = new HashSet<>(query.getNames());
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.get("name").asText();
            JsonNode schema = parameter.get("schema");
            boolean inPath = parameter.get("in").asText().equals("path");
            String text = inPath ? path.get(name) : query.getValue(name);
            if (!inPath) {
                unknown.remove(name);
            }
            if (text == null && schema.has("default")) {
                values.put(name, schema.get("default"));
            } else if (text != null) {
                values.put(name, value(schema, text, name));
            }
        }
        if (!unknown.isEmpty()) {
            throw Problem.badRequest("the query has parameters that are not described; /openapi.json lists them");
        }
        return values;
    }

    private JsonNode value(JsonNode schema, String text, String name) {
        JsonNode value = schema.get("type").asText().equals("integer") ? integer(text, name) : TextNode.valueOf(text);
        schemas.fault(schema, value, name).ifPresent(fault -> {
            throw Problem.badRequest(fault);
        });
        return value;
    }

    private static JsonNode integer(String text, String name) {
        try {
            return LongNode.valueOf(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw Problem.badRequest(name + " must be an integer");
        }
    }

    private JsonNode json(Operation operation, byte[] body) {
        try {
            JsonNode json = OpenApi.JSON.readTree(body);
            schemas.fault(operation.bodySchema(), json, "the body").ifPresent(fault -> {
                throw Problem.badRequest(fault);
            });
            return json;
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("the body is no JSON that could be meant: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Problem.badRequest("the body cannot be read");
        }
    }

    private static byte[] body(Request request, int most) throws IOException {
        if (request.getLength() > most) {
            throw tooLarge(most);
        }
        try (InputStream in = Request.asInputStream(request)) {
            byte[] body = in.readNBytes(most + 1);
            if (body.length > most) {
                throw tooLarge(most);
            }
            return body;
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException || e instanceof java.io.InterruptedIOException) {
                throw new Problem(408, "the body comes too slowly", Map.of("Connection", "close"));
            }
            throw e;
        }
    }

    /** What is left of it is not read. */
    private static Problem tooLarge(int most) {
        return new Problem(413, "the body has more than " + most + " bytes", Map.of("Connection", "close"));
    }
}
