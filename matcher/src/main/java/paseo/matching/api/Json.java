package paseo.matching.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import paseo.matching.AccessTokens;
import paseo.matching.AuditEntry;
import paseo.matching.AuditTrail;
import paseo.matching.Erasure;
import paseo.matching.LedgerEntry;
import paseo.matching.Page;

/** What the API says, as JSON objects in the document's words. */
final class Json {
    private Json() {}

    static byte[] bytes(Object value) {
        try {
            return OpenApi.JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers can be written", e);
        }
    }

    /** Part of a list. */
    static Map<String, @Nullable Object> list(Page page) {
        return list(page.rows(), page.next());
    }

    static Map<String, @Nullable Object> list(List<?> items, OptionalLong next) {
        return object("items", items, "next", next.isPresent() ? Call.cursor(next.getAsLong()) : null);
    }

    /** A list that comes in one part. */
    static Map<String, @Nullable Object> all(List<?> items) {
        return object("items", items);
    }

    static Map<String, @Nullable Object> revision(LedgerEntry entry) {
        return object(
                "position", entry.position(),
                "kind", entry.kind(),
                "from", orNull(entry.from()),
                "to", orNull(entry.to()),
                "sequences", entry.sequences().stream().map(Object::toString).toList(),
                "cause", entry.cause(),
                "similarity", orNull(entry.similarity()),
                "calibration", entry.calibration(),
                "reverts", orNull(entry.reverts()));
    }

    static Map<String, @Nullable Object> audit(AuditEntry entry) {
        return object(
                "position", entry.position(),
                "at", entry.at().toString(),
                "actor", entry.actor(),
                "action", entry.action(),
                "subject", entry.subject(),
                "outcome", entry.outcome(),
                "hash", entry.hash());
    }

    static Map<String, @Nullable Object> verification(AuditTrail.Verification found) {
        return object("entries", found.entries(), "head", found.head(), "broken", orNull(found.broken()));
    }

    static Map<String, @Nullable Object> optOut(Erasure.OptOut entry) {
        return object("id", entry.entry(), "since", entry.since().toString());
    }

    static Map<String, @Nullable Object> token(AccessTokens.Token token) {
        return object(
                "id", token.id(),
                "name", token.name(),
                "scopes", scopes(token),
                "created", token.created().toString(),
                "expires", token.expires().toString());
    }

    static Map<String, @Nullable Object> issued(AccessTokens.Issued issued) {
        Map<String, @Nullable Object> token = token(issued.token());
        token.put("secret", issued.secret());
        return token;
    }

    static Map<String, @Nullable Object> me(AccessTokens.Token token) {
        return object(
                "name",
                token.name(),
                "scopes",
                scopes(token),
                "expires",
                token.expires().toString());
    }

    private static List<String> scopes(AccessTokens.Token token) {
        return token.scopes().stream().sorted().map(AccessTokens.Scope::word).toList();
    }

    static Map<String, @Nullable Object> receipt(Erasure.Receipt receipt) {
        return object(
                "person", receipt.person(),
                "numbers", receipt.numbers(),
                "at", receipt.at().toString(),
                "sequences", receipt.sequences(),
                "faces", receipt.faces(),
                "templates", receipt.templates(),
                "keys", receipt.keys(),
                "tombstones", receipt.tombstones(),
                "topicsClearBy", receipt.topicsClearBy().toString(),
                "audit", receipt.audit(),
                "hash", receipt.hash());
    }

    private static @Nullable Object orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Object orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** Members in their order: name, value, name, value … */
    static Map<String, @Nullable Object> object(@Nullable Object... members) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put(String.valueOf(members[i]), members[i + 1]);
        }
        return object;
    }
}
