package paseo.frames;

/** In what form a file's pictures go over Kafka. */
public enum Carry {
    /** Each picture by itself as JPEG: whatever the source, it can be looked at without any other. */
    DECODED,
    /**
     * As the source compressed them, where that is H.264 or HEVC, upright and progressive: a tenth of the bytes and no
     * JPEG, but a worker has to decode what comes before a picture. Of everything else as {@link #DECODED}.
     */
    PACKETS
}
