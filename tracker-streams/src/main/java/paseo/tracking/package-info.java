/**
 * Detections to sequences. Start with {@link paseo.tracking.Tracker}, plain Java, and what it is made of:
 * {@code Association} (which face continues which track), {@code Motion}, {@link paseo.tracking.SequenceTemplate}.
 * Around it {@code CameraSessions} (sessions, duplicates), and the shell of Kafka Streams in {@code TrackerTopology}.
 */
@NullMarked
package paseo.tracking;

import org.jspecify.annotations.NullMarked;
