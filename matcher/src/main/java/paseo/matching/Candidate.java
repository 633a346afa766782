package paseo.matching;

import java.util.OptionalDouble;

/**
 * A person whose templates lie near a probe's, and how near.
 *
 * @param person number of the person
 * @param centre cosine between the probe's centre and the sum of those of the person's sequences
 * @param prototype largest cosine between a prototype of the probe and one of the person; empty when either has none
 * @param similarity of the two sets, see {@link Similarity}, over all sequences of the person; as the {@link Cohort}
 *     adjusts it, where there is one
 */
record Candidate(long person, double centre, OptionalDouble prototype, double similarity) {
    Candidate {
        if (!Double.isFinite(centre) || !Double.isFinite(prototype.orElse(0)) || !Double.isFinite(similarity)) {
            throw new IllegalArgumentException("similarities to person " + person + " must be finite numbers");
        }
    }

    /** With the similarity as it is. */
    Candidate(long person, double centre, OptionalDouble prototype) {
        this(person, centre, prototype, Similarity.of(centre, prototype));
    }

    /** With another similarity. */
    Candidate adjusted(double to) {
        return new Candidate(person, centre, prototype, to);
    }
}
