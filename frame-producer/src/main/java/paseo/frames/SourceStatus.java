package paseo.frames;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far one input is.
 *
 * @param camera id, empty until known
 * @param epoch session, 0 until known
 * @param name what a person calls it
 * @param state how it is
 * @param framesRead decoded so far, sampled out or skipped ones included
 * @param framesPublished of this run that Kafka has acknowledged
 * @param framesExpected in the file, as declared; empty when unknown
 * @param positionSeconds capture time of the last frame read
 * @param durationSeconds declared, 0 when unknown
 * @param error why it failed, or what it waits for while it is read; one line
 */
public record SourceStatus(
        String camera,
        long epoch,
        String name,
        State state,
        long framesRead,
        long framesPublished,
        OptionalLong framesExpected,
        double positionSeconds,
        double durationSeconds,
        Optional<String> error) {

    /** How an input is. */
    public enum State {
        /** Not begun. */
        WAITING,
        READING,
        /** Every frame is in Kafka. */
        DONE,
        /** Cannot be read, or broke off; what was read of it is in Kafka. */
        FAILED
    }
}
