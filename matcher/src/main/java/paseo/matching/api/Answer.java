package paseo.matching.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import paseo.matching.AccessTokens.Token;

/** What is sent back. */
sealed interface Answer {
    /**
     * All at once.
     *
     * @param body may be empty
     */
    record Whole(int status, String type, ByteBuffer body, Map<String, String> headers) implements Answer {
        public Whole {
            headers = Map.copyOf(headers);
        }
    }

    /** As it is made. */
    record Streamed(String type, String fileName, Writer writer) implements Answer {}

    /** For as long as the client listens, and its token is good. */
    record Live(LiveEvents events, Token token, Optional<String> after) implements Answer {}

    /** Writes a body. */
    @FunctionalInterface
    interface Writer {
        void to(OutputStream out) throws IOException;
    }

    static Answer json(Object value) {
        return json(200, value);
    }

    static Answer json(int status, Object value) {
        return new Whole(
                status, "application/json", ByteBuffer.wrap(Json.bytes(value)), Map.of("Cache-Control", "no-store"));
    }

    static Answer none() {
        return new Whole(204, "", ByteBuffer.allocate(0), Map.of());
    }

    static Answer of(String type, byte[] body, String caching) {
        return new Whole(200, type, ByteBuffer.wrap(body), Map.of("Cache-Control", caching));
    }
}
