package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Turns one record type into message bytes and back, for Kafka clients and Kafka Streams alike. Thread-safe.
 *
 * <p>The header {@value #SCHEMA_HEADER} names the message. Bytes under another name (a later major version, another
 * topic's message) are refused; bytes without the header are taken as this message. Unknown fields are ignored.
 */
public abstract class EventCodec<T> implements Serializer<T>, Deserializer<T>, Serde<T> {
    /** Kafka header that names the message. */
    public static final String SCHEMA_HEADER = "paseo-schema";

    private final String schema;

    EventCodec(String schema) {
        this.schema = schema;
    }

    /** The message's full name, for example {@code paseo.v1.Frame}. */
    public final String schema() {
        return schema;
    }

    /** Message bytes of an event. */
    public abstract byte[] encode(T event);

    /**
     * The event of message bytes.
     *
     * @throws EventFormatException if they are not such a message, or its values are not allowed
     */
    public final T decode(byte[] bytes) {
        try {
            return parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new EventFormatException("not a " + schema + " message: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("a " + schema + " message with a forbidden value: " + e.getMessage(), e);
        }
    }

    /** The event as JSON on one line, for people and for outside readers. Embeddings and pictures are left out. */
    public abstract String toJson(T event);

    abstract T parse(byte[] bytes) throws InvalidProtocolBufferException;

    @Override
    public final byte @Nullable [] serialize(String topic, @Nullable T event) {
        return event == null ? null : encode(event);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T event) {
        headers.remove(SCHEMA_HEADER).add(SCHEMA_HEADER, schema.getBytes(StandardCharsets.UTF_8));
        return serialize(topic, event);
    }

    @Override
    public final @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        return bytes == null ? null : decode(bytes);
    }

    @Override
    public final @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
        Header header = headers.lastHeader(SCHEMA_HEADER);
        if (header != null && !Arrays.equals(header.value(), schema.getBytes(StandardCharsets.UTF_8))) {
            throw new EventFormatException("topic " + topic + " carries a message named "
                    + new String(header.value(), StandardCharsets.UTF_8) + " where " + schema + " is expected");
        }
        return bytes == null ? null : read(headers, bytes);
    }

    /** The event of a record: most are all in the value. */
    T read(Headers headers, byte[] bytes) {
        return decode(bytes);
    }

    @Override
    public final Serializer<T> serializer() {
        return this;
    }

    @Override
    public final Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public final void configure(Map<String, ?> configs, boolean isKey) {
        // Nothing to configure; three inherited defaults clash.
    }

    @Override
    public final void close() {
        // Nothing to close; three inherited defaults clash.
    }
}
