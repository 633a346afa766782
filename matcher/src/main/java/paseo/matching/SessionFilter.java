package paseo.matching;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions to read.
 *
 * @param only these, or empty for all
 */
public record SessionFilter(Optional<List<SessionKey>> only) {
    /** Every session. */
    public static SessionFilter all() {
        return new SessionFilter(Optional.empty());
    }

    /** Exactly these sessions; an empty collection is no session. */
    public static SessionFilter of(Collection<SessionKey> sessions) {
        return new SessionFilter(Optional.of(List.copyOf(sessions)));
    }

    /** True when every session is meant. */
    boolean unrestricted() {
        return only.isEmpty();
    }

    String[] cameras() {
        return only.orElse(List.of()).stream().map(SessionKey::camera).toArray(String[]::new);
    }

    Long[] epochs() {
        return only.orElse(List.of()).stream().map(SessionKey::epoch).toArray(Long[]::new);
    }
}
