/**
 * Files become frames: {@link paseo.frames.VideoFile} decodes, {@link paseo.frames.JpegEncoder} makes the pictures,
 * {@link paseo.frames.FrameProducer} publishes them in order and no faster than the workers take them.
 */
@NullMarked
package paseo.frames;

import org.jspecify.annotations.NullMarked;
