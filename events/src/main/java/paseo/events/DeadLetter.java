package paseo.events;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that a service could not use and set aside, so that what comes behind it goes on. Its value is that of the
 * record, byte for byte: as personal as what the topic carries, and kept no longer. One record can be set aside more
 * than once, by every service that reads it and again after a crash.
 *
 * @param service that set it aside
 * @param topic that it was read from
 * @param partition that it was read from
 * @param offset that it was read from
 * @param reason of a few
 * @param detail for people; holds nothing of what is in the record but sizes, names and times; cut off behind
 *     {@value #LONGEST_DETAIL} characters, so that the record fits around the largest value
 * @param value of the record; empty where it had none
 */
public record DeadLetter(
        String service, String topic, int partition, long offset, Reason reason, String detail, ByteBuffer value) {
    private static final int LONGEST_DETAIL = 1_000;

    /** Why a record is set aside. */
    public enum Reason {
        /** No value. */
        EMPTY,
        /** Not a message of the contract: garbage, a later major version, a forbidden value. */
        UNREADABLE,
        /** A time before 1970, or so far ahead that it would make everything behind it late. */
        IMPOSSIBLE_TIME,
        /** A message of the contract that the service fails at. */
        UNUSABLE,
        /** The process died with it in hand, more than once. */
        KILLED_PROCESS;

        /** The reason as a metric's tag. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DeadLetter {
        detail = detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL));
        value = value.asReadOnlyBuffer();
    }

    /**
     * The record to send.
     *
     * @param source topic of the contract that it was read from
     * @param key of the record
     */
    public ProducerRecord<byte[], byte[]> toRecord(Topic<?> source, byte @Nullable [] key) {
        Topic<DeadLetter> target = Topics.deadLettersOf(source);
        Headers headers = new RecordHeaders();
        byte[] bytes = target.codec().serialize(target.name(), headers, this);
        return new ProducerRecord<>(target.name(), null, key, bytes, headers);
    }
}
