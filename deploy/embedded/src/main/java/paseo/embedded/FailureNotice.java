package paseo.embedded;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands the first fatal fault of a server to whoever asked for it, also when the fault came before the question. */
final class FailureNotice {
    private @Nullable String fault;
    private @Nullable Consumer<String> listener;
    private boolean closed;

    /** From now on a fault is the expected end. */
    synchronized void close() {
        closed = true;
    }

    void listen(Consumer<String> newListener) {
        String known;
        synchronized (this) {
            listener = newListener;
            known = fault;
        }
        if (known != null) {
            newListener.accept(known);
        }
    }

    void report(String message) {
        Consumer<String> informed;
        synchronized (this) {
            if (closed || fault != null) {
                return;
            }
            fault = message;
            informed = listener;
        }
        if (informed != null) {
            informed.accept(message);
        }
    }

    synchronized @Nullable String fault() {
        return fault;
    }
}
