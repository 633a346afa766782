package paseo.matching;

/**
 * When something was seen, without any clock of this machine.
 *
 * @param source what a person calls the camera or file
 * @param seconds from the file's start; since 1970 for a camera
 */
public record Moment(String source, double seconds) {}
