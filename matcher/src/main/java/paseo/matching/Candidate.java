package paseo.matching;

import java.util.OptionalDouble;

/**
 * A person whose templates lie near a probe's, and how near.
 *
 * @param person number of the person
 * @param centre largest cosine between the probe's centre and the centres of the person's sequences
 * @param prototype largest cosine between a prototype of the probe and one of the person; empty when either has none
 */
record Candidate(long person, double centre, OptionalDouble prototype) {
    Candidate {
        if (!Double.isFinite(centre) || !Double.isFinite(prototype.orElse(0))) {
            throw new IllegalArgumentException("similarities to person " + person + " must be finite numbers");
        }
    }

    /** The set-to-set similarity, see {@link Similarity}; over all sequences of the person. */
    double similarity() {
        return Similarity.of(centre, prototype);
    }
}
