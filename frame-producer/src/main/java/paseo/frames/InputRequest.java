package paseo.frames;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What to open and how.
 *
 * @param url for libavformat; never shown
 * @param format name of a demuxer, empty to find out
 * @param options libavformat's
 * @param limit for each phase of opening, and without a packet
 * @param patience with packets, but without a picture: it may take until the next key picture
 * @param threads of the decoder, 0 to let it choose
 * @param stays whether the connection ends when the peer sends it to another address
 * @param device whether it is a device of this machine. Its driver has said all about its pictures when it is open, and
 *     is asked for them again and again: nothing ends a wait inside of a driver, not even the deadline
 * @param unwanted whether nobody wants it any more: ends whatever waits, opening included
 */
record InputRequest(
        String url,
        Optional<String> format,
        Map<String, String> options,
        Duration limit,
        Duration patience,
        int threads,
        boolean stays,
        boolean device,
        BooleanSupplier unwanted) {

    /** Whether it is joined on the way: then even the size of its pictures may come with a key picture only. */
    boolean joined() {
        return patience.compareTo(limit) > 0;
    }
}
