package paseo.matching;

/**
 * Names a session of a camera, or a file under one set of settings.
 *
 * @param camera id of the camera
 * @param epoch session of the camera
 */
public record SessionKey(String camera, long epoch) {}
