package paseo.frames;

import paseo.events.Source;

/**
 * One session of a camera: as long as one producer watches it and its picture keeps its size.
 *
 * @param epoch milliseconds since 1970 when it began; later than any before, unless the clock was set back meanwhile
 * @param source the camera; 0 × 0 pixels before its first picture
 */
record LiveSession(long epoch, Source source) {}
