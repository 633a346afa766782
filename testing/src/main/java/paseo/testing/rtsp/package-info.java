/** A camera in the test's own process that does what cameras do, and whatever a test wants it to do wrong. */
@NullMarked
package paseo.testing.rtsp;

import org.jspecify.annotations.NullMarked;
