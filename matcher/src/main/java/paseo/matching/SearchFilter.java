package paseo.matching;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Among whom somebody is looked for. It chooses what is read, by partition where it can, and never thins out what an
 * index has found.
 *
 * @param cameras that saw them; empty for all
 * @param from the first sequences were stored from then on
 * @param to and before then
 */
public record SearchFilter(Set<String> cameras, Optional<Instant> from, Optional<Instant> to) {
    /** Among everybody. */
    public static final SearchFilter NONE = new SearchFilter(Set.of(), Optional.empty(), Optional.empty());

    public SearchFilter {
        cameras = Set.copyOf(cameras);
    }

    /** Among those whom a camera has seen. */
    public static SearchFilter ofCameras(List<String> cameras) {
        return new SearchFilter(Set.copyOf(cameras), Optional.empty(), Optional.empty());
    }

    /** Among those who were seen in a stretch of time. */
    public static SearchFilter between(Instant from, Instant to) {
        return new SearchFilter(Set.of(), Optional.of(from), Optional.of(to));
    }
}
