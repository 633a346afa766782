package paseo.matching;

/**
 * What a database holds.
 *
 * @param sessions of cameras and files
 * @param frames stored
 * @param faces stored
 * @param sequences decided
 * @param persons in all galleries
 */
public record Counts(long sessions, long frames, long faces, long sequences, long persons) {}
