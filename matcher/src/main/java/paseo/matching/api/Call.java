package paseo.matching.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import paseo.matching.AccessTokens.Token;
import paseo.matching.ListFilter;

/**
 * A request that fits its operation: the token has the scope, parameters and body are as the document says.
 *
 * @param token who asks; empty where nobody has to say
 * @param parameters of path and query by name, those with a default always there
 * @param json body, a missing node where the operation takes none
 * @param picture body, empty where the operation takes none
 * @param lastEventId where a stream of events was broken off
 */
record Call(
        Optional<Token> token,
        Map<String, JsonNode> parameters,
        JsonNode json,
        ByteBuffer picture,
        Optional<String> lastEventId) {
    Call {
        parameters = Map.copyOf(parameters);
    }

    /** What the audit trail calls who asks. */
    String actor() {
        return token.map(Token::name).orElseThrow(() -> new IllegalStateException("an operation without a token"));
    }

    long number(String name) {
        return parameter(name).asLong();
    }

    UUID uuid(String name) {
        return UUID.fromString(text(name));
    }

    String text(String name) {
        return parameter(name).asText();
    }

    private JsonNode parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private Optional<String> optional(String name) {
        return Optional.ofNullable(parameters.get(name)).map(JsonNode::asText);
    }

    /** How many elements a list shall have at most. */
    int limit() {
        return (int) number("limit");
    }

    /** Where a list that is walked downwards goes on. */
    long before() {
        return optional("cursor").map(Call::position).orElse(Long.MAX_VALUE);
    }

    /** Where a list that is walked upwards goes on. */
    long after() {
        return optional("cursor").map(Call::position).orElse(-1L);
    }

    ListFilter filter() {
        return new ListFilter(
                optional("camera"),
                instant("since"),
                instant("until"),
                before(),
                parameters.containsKey("limit") ? limit() : Integer.MAX_VALUE);
    }

    private Optional<Instant> instant(String name) {
        return optional(name).map(text -> OffsetDateTime.parse(text).toInstant());
    }

    /** A place in a list, for whom it means nothing. */
    static String cursor(long position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(position, 36).getBytes(StandardCharsets.US_ASCII));
    }

    private static long position(String cursor) {
        try {
            String digits = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            long position = Long.parseLong(digits, 36);
            if (position >= 0) {
                return position;
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("cursor must be the next of an earlier part of the list");
        }
        throw Problem.badRequest("cursor must be the next of an earlier part of the list");
    }
}
