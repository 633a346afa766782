package paseo.events;

/** The identity decision on a sequence. */
public enum Decision {
    /** Somebody seen before. */
    RECOGNISED,
    /** Nobody seen before: a person was created. */
    NEW,
    /** Between the thresholds: belongs to nobody yet. */
    UNDECIDED,
    /** No face was good enough to compare: belongs to nobody. */
    UNUSABLE;

    /** Whether the sequence belongs to a person. */
    public boolean hasPerson() {
        return this == RECOGNISED || this == NEW;
    }
}
