package paseo.frames;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * Ends a blocked read of libavformat.
 *
 * <p>There is one callback for the whole process, which finds the deadline of its context through {@code opaque}:
 * JavaCPP has about ten slots for callbacks of one type, and those without a slot are silently never called.
 */
final class ReadDeadline implements AutoCloseable {
    private static final Map<Long, ReadDeadline> DEADLINES = new ConcurrentHashMap<>();
    private static final AVIOInterruptCB.Callback_Pointer CALLBACK = new AVIOInterruptCB.Callback_Pointer() {
        @Override
        public int call(Pointer opaque) {
            ReadDeadline deadline = DEADLINES.get(opaque.address());
            return deadline != null && deadline.over() ? 1 : 0;
        }
    };

    private final long key;
    private long nanos;
    private final AtomicLong deadline;
    private final BooleanSupplier unwanted;
    private volatile BooleanSupplier lead = () -> false;
    private volatile boolean ledAway;
    private volatile boolean lifted;

    /** Must be made before the context is opened: opening can block, too. */
    ReadDeadline(AVFormatContext context, Duration limit, BooleanSupplier unwanted) {
        key = context.address();
        nanos = limit.toNanos();
        this.unwanted = unwanted;
        deadline = new AtomicLong(System.nanoTime() + nanos);
        DEADLINES.put(key, this);
        AVIOInterruptCB interrupt = context.interrupt_callback();
        interrupt.callback(CALLBACK);
        interrupt.opaque(context);
    }

    /** How long each read may take from the next {@link #restart} on. */
    void limit(Duration limit) {
        nanos = limit.toNanos();
    }

    /** Gives the next read the whole time. */
    void restart() {
        deadline.set(System.nanoTime() + nanos);
    }

    /** Lets every read take as long as it needs from now on. */
    void lift() {
        lifted = true;
    }

    /** Ends reading as soon as that is so: the peer has sent the connection to another address. */
    void endWhen(BooleanSupplier away) {
        lead = away;
    }

    /** Whether that has happened. */
    boolean ledAway() {
        return ledAway;
    }

    /** Whether no read of the context is to wait any more. */
    boolean ended() {
        return unwanted.getAsBoolean();
    }

    /** Whether a read has to give up. */
    boolean over() {
        if (!ledAway && lead.getAsBoolean()) {
            ledAway = true;
        }
        return ended() || ledAway || (!lifted && System.nanoTime() - deadline.get() > 0);
    }

    @Override
    public void close() {
        // The context is freed by now, and another camera's may lie at the same address.
        DEADLINES.remove(key, this);
    }
}
