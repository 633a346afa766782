package paseo.matching;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a list is asked for.
 *
 * @param camera only what this camera or file has seen
 * @param since only what was stored then or later
 * @param until only what was stored before
 * @param before place in the list behind which the part begins, {@link Long#MAX_VALUE} for its beginning
 * @param most so many at most
 */
public record ListFilter(
        Optional<String> camera, Optional<Instant> since, Optional<Instant> until, long before, int most) {
    /** The beginning of a list, unfiltered. */
    public static ListFilter first(int most) {
        return new ListFilter(Optional.empty(), Optional.empty(), Optional.empty(), Long.MAX_VALUE, most);
    }
}
