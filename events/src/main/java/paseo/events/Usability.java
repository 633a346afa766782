package paseo.events;

/** Whether a face may enter a template, and if not, the first gate that it failed. */
public enum Usability {
    USABLE,
    /** The detector is not sure that it is a face. */
    LOW_SCORE,
    TOO_SMALL,
    /** Too far from frontal. */
    TURNED_AWAY,
    /** Too little of it to see: blurred, noisy, or in the dark. */
    BLURRED,
    LOW_QUALITY,
    /** Landmarks that cannot belong to a face, or an embedding that is not a finite vector. */
    MALFORMED,
    /** More faces in the frame than are embedded; this was not among the best. */
    CROWDED_OUT
}
