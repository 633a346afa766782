package paseo.matching.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;

/** As much of JSON Schema 2020-12 as the API's document uses. */
final class JsonSchema {
    private static final int UUID_LENGTH = 36;

    private final JsonNode document;

    /** @param document that references are looked up in */
    JsonSchema(JsonNode document) {
        this.document = document;
    }

    /**
     * What is wrong with a value.
     *
     * @param name of the value, for the message
     */
    Optional<String> fault(JsonNode schema, JsonNode value, String name) {
        if (schema.has("$ref")) {
            return fault(document.at(schema.get("$ref").asText().substring(1)), value, name);
        }
        if (!ofType(schema.path("type"), value)) {
            return Optional.of(name + " must be " + words(schema.path("type")));
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            return Optional.of(name + " must be one of " + schema.get("enum"));
        }
        if (value.isTextual()) {
            return text(schema, value.asText(), name);
        }
        if (value.isNumber()) {
            return number(schema, value, name);
        }
        if (value.isArray()) {
            return array(schema, value, name);
        }
        return value.isObject() ? object(schema, value, name) : Optional.empty();
    }

    private static boolean ofType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (ofType(one, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber() && value.canConvertToLong();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> true;
        };
    }

    private static String words(JsonNode type) {
        return type.isArray() ? "one of " + type : "of type " + type.asText();
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> text(JsonNode schema, String text, String name) {
        if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)
                || text.length() < schema.path("minLength").asInt(0)) {
            return Optional.of(name + " has " + text.length() + " characters: at least "
                    + schema.path("minLength").asInt(0) + " and at most "
                    + schema.path("maxLength").asText("any number") + " are taken");
        }
        if (text.chars().anyMatch(character -> character == 0)) {
            return Optional.of(name + " contains a zero character");
        }
        return switch (schema.path("format").asText()) {
            case "uuid" -> isUuid(text) ? Optional.empty() : Optional.of(name + " must be a UUID");
            case "date-time" ->
                isTime(text)
                        ? Optional.empty()
                        : Optional.of(name + " must be a time like 2026-05-01T12:00:00Z, of the years 0 to 9999");
            default -> Optional.empty();
        };
    }

    private static boolean isUuid(String text) {
        try {
            return text.length() == UUID_LENGTH && UUID.fromString(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            int year = OffsetDateTime.parse(text).getYear();
            return year >= 0 && year <= 9999;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Optional<String> number(JsonNode schema, JsonNode value, String name) {
        boolean below = schema.has("minimum")
                && value.asDouble() < schema.get("minimum").asDouble();
        boolean above = schema.has("maximum")
                && value.asDouble() > schema.get("maximum").asDouble();
        return below || above
                ? Optional.of(name + " must be between "
                        + schema.path("minimum").asText("any number") + " and "
                        + schema.path("maximum").asText("any number"))
                : Optional.empty();
    }

    private Optional<String> array(JsonNode schema, JsonNode value, String name) {
        if (value.size() < schema.path("minItems").asInt(0)
                || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            return Optional.of(name + " has " + value.size() + " elements");
        }
        for (int i = 0; i < value.size(); i++) {
            Optional<String> fault = fault(schema.path("items"), value.get(i), name + "[" + i + "]");
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<String> object(JsonNode schema, JsonNode value, String name) {
        JsonNode properties = schema.path("properties");
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                return Optional.of(name + " lacks " + required.asText());
            }
        }
        for (var property : value.properties()) {
            JsonNode described = properties.get(property.getKey());
            if (described == null) {
                if (schema.has("additionalProperties")) {
                    return Optional.of(name + " must not have members that are not described");
                }
                continue;
            }
            Optional<String> fault = fault(described, property.getValue(), property.getKey());
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }
}
