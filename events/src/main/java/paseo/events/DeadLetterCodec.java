package paseo.events;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** {@link DeadLetter}: the value as it was, everything else in headers. */
final class DeadLetterCodec extends EventCodec<DeadLetter> {
    private static final String PREFIX = "paseo-dead-letter-";

    DeadLetterCodec() {
        super("paseo.v1.DeadLetter");
    }

    @Override
    public byte[] encode(DeadLetter letter) {
        ByteBuffer value = letter.value().duplicate();
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable DeadLetter letter) {
        if (letter != null) {
            put(headers, "service", letter.service());
            put(headers, "topic", letter.topic());
            put(headers, "partition", Integer.toString(letter.partition()));
            put(headers, "offset", Long.toString(letter.offset()));
            put(headers, "reason", letter.reason().name());
            put(headers, "detail", letter.detail());
        }
        return super.serialize(topic, headers, letter);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(PREFIX + name).add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    DeadLetter read(Headers headers, byte[] bytes) {
        try {
            return new DeadLetter(
                    get(headers, "service"),
                    get(headers, "topic"),
                    Integer.parseInt(get(headers, "partition")),
                    Long.parseLong(get(headers, "offset")),
                    DeadLetter.Reason.valueOf(get(headers, "reason")),
                    get(headers, "detail"),
                    ByteBuffer.wrap(bytes));
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("a dead letter with a forbidden value: " + e.getMessage(), e);
        }
    }

    private static String get(Headers headers, String name) {
        Header header = headers.lastHeader(PREFIX + name);
        if (header == null) {
            throw new EventFormatException("a dead letter without the header " + PREFIX + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Whatever the bytes are, they are not looked into. */
    @Override
    DeadLetter parse(byte[] bytes) {
        return new DeadLetter("", "", 0, 0, DeadLetter.Reason.UNREADABLE, "", ByteBuffer.wrap(bytes));
    }

    @Override
    public String toJson(DeadLetter letter) {
        JsonObject json = new JsonObject();
        json.addProperty("service", letter.service());
        json.addProperty("topic", letter.topic());
        json.addProperty("partition", letter.partition());
        json.addProperty("offset", Long.toString(letter.offset()));
        json.addProperty("reason", letter.reason().name());
        json.addProperty("detail", letter.detail());
        json.addProperty("bytes", letter.value().remaining());
        return json.toString();
    }
}
