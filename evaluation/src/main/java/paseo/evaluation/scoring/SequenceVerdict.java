package paseo.evaluation.scoring;

import org.jspecify.annotations.Nullable;

/**
 * A predicted sequence: who it is in truth and who it was taken for.
 *
 * @param id of the sequence, unique
 * @param person who most of its boxes are in truth; null where they match nobody: a false alarm
 * @param purity share of its matched boxes that are that person's, in [0, 1]
 * @param usable whether it has a template; false is a failure to acquire
 * @param decided the person id it was given; null for undecided and unusable
 * @param time of the decision, in seconds of a clock that all sequences share
 * @param camera where it was seen
 * @param faces boxes it is made of, at least 1
 */
public record SequenceVerdict(
        String id,
        @Nullable String person,
        double purity,
        boolean usable,
        @Nullable String decided,
        double time,
        String camera,
        int faces) {
    private static final double LEAST_PURE = 0.9;

    public SequenceVerdict {
        if (!usable && decided != null) {
            throw new IllegalArgumentException("sequence " + id + " is unusable and yet was given " + decided);
        }
        if (faces < 1) {
            throw new IllegalArgumentException("sequence " + id + " has no faces");
        }
    }

    /** Whether somebody else has a tenth of it or more. */
    public boolean impure() {
        return person != null && purity <= LEAST_PURE;
    }

    /** Who is resampled with it: the person; each false alarm is somebody of its own. */
    public String unit() {
        return person == null ? "nobody/" + id : person;
    }
}
