package paseo.matching.api;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import paseo.matching.AccessTokens.Token;

/**
 * A connection that events go out on, without a thread of its own. What the client has not taken yet waits, up to a
 * bound; then the connection is cut, and the client comes back with the id of the last event it got.
 */
final class LiveClient extends IteratingCallback {
    /** Events, each some 600 bytes; behind what the operating system keeps for a connection, and what was missed. */
    private static final int MOST_WAITING = 512;

    private final Token token;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Consumer<LiveClient> gone;
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    /** Of those that wait, the first so many are what the client had missed: no sign that it is slow. */
    private int missed;

    private boolean last;
    private boolean cut;

    /**
     * @param token that the client listens with
     * @param gone told when the connection has ended in whatever way
     */
    LiveClient(Token token, Request request, Response response, Callback callback, Consumer<LiveClient> gone) {
        this.token = token;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.gone = gone;
    }

    Token token() {
        return token;
    }

    /** Sends what was missed; to be called once at most, at the beginning. The bytes are shared and not copied. */
    void catchUp(List<ByteBuffer> pieces) {
        synchronized (waiting) {
            if (last || cut) {
                return;
            }
            missed = waiting.size() + pieces.size();
            pieces.forEach(piece -> waiting.add(piece.duplicate()));
        }
        iterate();
    }

    /** Sends a piece of the stream, at once or when the client has taken what came before. */
    void send(ByteBuffer piece) {
        boolean slow;
        synchronized (waiting) {
            if (last || cut) {
                return;
            }
            waiting.add(piece.duplicate());
            slow = waiting.size() - missed > MOST_WAITING;
            cut = slow;
        }
        if (slow) {
            gone.accept(this);
            request.getConnectionMetaData().getConnection().getEndPoint().close();
        } else {
            iterate();
        }
    }

    /** Ends the stream, because the server stops or the token is good no longer; what has not been sent yet is not. */
    void finish() {
        synchronized (waiting) {
            last = true;
            waiting.clear();
            missed = 0;
        }
        iterate();
    }

    @Override
    protected Action process() {
        ByteBuffer piece;
        synchronized (waiting) {
            piece = waiting.poll();
            missed = Math.max(0, missed - 1);
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
