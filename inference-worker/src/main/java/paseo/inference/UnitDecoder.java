package paseo.inference;

import java.util.List;
import paseo.events.AccessUnit;

/**
 * Turns access units of one stream into pictures, from a key picture on. For one thread.
 *
 * @param <P> a picture, which belongs to whoever gets it
 */
interface UnitDecoder<P> extends AutoCloseable {
    /**
     * A picture and its name.
     *
     * @param number that its access unit was given
     */
    record Shown<P>(long number, P picture) {}

    /**
     * Takes an access unit.
     *
     * @param number names its picture
     * @return the pictures that are complete now, in the order in which they are shown; none of a damaged unit
     */
    List<Shown<P>> decode(AccessUnit unit, long number);

    /** The pictures that were still to come; the decoder is at its end then. */
    List<Shown<P>> drain();

    @Override
    void close();
}
