package paseo.matching.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * A connection that events go out on, without a thread of its own. What the client has not taken yet waits, up to a
 * bound; then the connection is cut, and the client comes back with the id of the last event it got.
 */
final class LiveClient extends IteratingCallback {
    /** Events, each some 600 bytes; behind what the operating system keeps, and what was missed, which is one. */
    private static final int MOST_WAITING = 512;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Consumer<LiveClient> gone;
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    private boolean last;
    private boolean cut;

    /** @param gone told when the connection has ended in whatever way */
    LiveClient(Request request, Response response, Callback callback, Consumer<LiveClient> gone) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.gone = gone;
    }

    /** Sends a piece of the stream, at once or when the client has taken what came before. */
    void send(String text) {
        boolean slow;
        synchronized (waiting) {
            if (last || cut) {
                return;
            }
            waiting.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            slow = waiting.size() > MOST_WAITING;
            cut = slow;
        }
        if (slow) {
            gone.accept(this);
            request.getConnectionMetaData().getConnection().getEndPoint().close();
        } else {
            iterate();
        }
    }

    /** Ends the stream because the server stops. */
    void finish() {
        synchronized (waiting) {
            last = true;
            waiting.clear();
        }
        iterate();
    }

    @Override
    protected Action process() {
        ByteBuffer piece;
        synchronized (waiting) {
            piece = waiting.poll();
            if (piece == null) {
                return last ? Action.SUCCEEDED : Action.IDLE;
            }
        }
        response.write(false, piece, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        gone.accept(this);
        callback.failed(cause);
    }
}
