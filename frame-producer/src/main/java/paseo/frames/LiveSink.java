package paseo.frames;

import java.util.function.Consumer;
import paseo.events.Frame;

/** Where live frames go. */
interface LiveSink {
    /**
     * Sends a frame or sign of life; waits for Kafka for a moment at most.
     *
     * @param ageMicros since it was captured. Capture times of two cameras cannot be compared: each camera's clock
     *     begins with the machine's, which may have been set between them
     * @param done told once, by any thread, whether it is stored
     */
    void send(int partition, Frame frame, long ageMicros, Consumer<Boolean> done);

    /** Pictures a second that each camera may send now. */
    double rate();

    /** Whether the workers are so far behind on a partition that what is sent now would be stale. */
    boolean behind(int partition);
}
