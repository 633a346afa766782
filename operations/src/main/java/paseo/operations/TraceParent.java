package paseo.operations;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * W3C trace context in a record's header {@value #HEADER}: which records and which lines of which logs belong together.
 * Traces are derived from ids of the contract and never drawn, so that a replay belongs to the same ones: a frame and
 * what was detected in it are one trace, a sequence and what was decided about it are another, whose id is the
 * sequence's own.
 */
public final class TraceParent {
    /** Of the W3C recommendation "Trace Context", level 1. */
    public static final String HEADER = "traceparent";

    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** Makes a record part of the trace of a thing that has a name. */
    public static void ofName(Headers headers, String step, String name) {
        ofId(headers, step, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Makes a record part of a trace.
     *
     * @param step of the flow that the record is the result of, the span's name
     * @param trace id, not zero
     */
    public static void ofId(Headers headers, String step, UUID trace) {
        String hex = String.format("%016x%016x", trace.getMostSignificantBits(), trace.getLeastSignificantBits());
        headers.remove(HEADER).add(HEADER, bytes("00-" + hex + "-" + span(hex, step) + "-01"));
    }

    /** Hands a trace on from the record that was read to the one that comes of it; nothing where there is none. */
    public static void handOn(Headers read, Headers written, String step) {
        Header header = read.lastHeader(HEADER);
        if (header != null) {
            String parent = new String(header.value(), StandardCharsets.US_ASCII);
            if (VALID.matcher(parent).matches()) {
                String flags = parent.substring(parent.length() - 2);
                String trace = parent.substring(3, 35);
                written.remove(HEADER).add(HEADER, bytes("00-" + trace + "-" + span(parent, step) + "-" + flags));
            }
        }
    }

    private static String span(String parent, String step) {
        UUID derived = UUID.nameUUIDFromBytes(bytes(parent + "/" + step));
        // Never zero, which the recommendation forbids.
        return String.format("%016x", derived.getMostSignificantBits() | 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
