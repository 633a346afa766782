package paseo.matching;

import java.util.UUID;

/** Two sequences of which something is known; which is first means nothing. */
record Link(UUID one, UUID other) {
    Link {
        if (one.compareTo(other) > 0) {
            UUID smaller = other;
            other = one;
            one = smaller;
        }
    }
}
