package paseo.matching.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.matching.AccessTokens;
import paseo.matching.AccessTokens.Token;
import paseo.matching.RefusedRevisionException;
import paseo.matching.UnusableDatabaseException;

/** One request after the other: who asks and whether they may, then what they want. Nothing is allowed by default. */
final class ApiHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);

    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()");
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";

    private final Router router;
    private final Requests requests;
    private final AccessTokens tokens;
    private final boolean loopback;
    private final Clock clock;
    private final RateLimit all = new RateLimit(600, 200, System::nanoTime);
    private final RateLimit wrong = new RateLimit(100, 2, System::nanoTime);

    /** @param loopback whether the server is meant for this machine only */
    ApiHandler(Router router, Requests requests, AccessTokens tokens, boolean loopback, Clock clock) {
        this.router = router;
        this.requests = requests;
        this.tokens = tokens;
        this.loopback = loopback;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ALWAYS.forEach((name, value) -> response.getHeaders().put(name, value));
        if (request.isSecure()) {
            response.getHeaders().put("Strict-Transport-Security", "max-age=31536000");
        }
        try {
            send(answer(request), request, response, callback);
        } catch (Problem e) {
            refuse(e, response, callback);
        } catch (RefusedRevisionException e) {
            refuse(new Problem(409, String.valueOf(e.getMessage())), response, callback);
        } catch (UnusableDatabaseException e) {
            log.warn("a request failed: {}", e.getMessage());
            refuse(
                    new Problem(503, "the database does not answer as it should", Map.of("Retry-After", "2")),
                    response,
                    callback);
        } catch (IOException e) {
            callback.failed(e);
        } catch (RuntimeException e) {
            log.error("a request failed", e);
            refuse(new Problem(500, "this should not have happened; the log says more"), response, callback);
        }
        return true;
    }

    private Answer answer(Request request) throws IOException {
        requireHost(request);
        String caller = Request.getRemoteAddr(request);
        if (!all.take(caller)) {
            throw new Problem(429, "too many requests", Map.of("Retry-After", "1"));
        }
        Router.Match match = router.find(
                request.getMethod(), Requests.segments(request.getHttpURI().getPath()));
        Optional<Token> token = match.operation().scope().isEmpty()
                ? Optional.empty()
                : Optional.of(token(request, match.operation(), caller));
        return match.endpoint().answer(requests.call(match.operation(), match.values(), request, token));
    }

    /** A page elsewhere can make a browser ask for a name of its own that leads here: no name but ours is answered. */
    private void requireHost(Request request) {
        String name = Optional.ofNullable(Request.getServerName(request)).orElse("");
        if (loopback && !LOOPBACK_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
            throw new Problem(421, "this server is meant for 127.0.0.1 only");
        }
    }

    private Token token(Request request, Operation operation, String caller) {
        if (wrong.exhausted(caller)) {
            throw new Problem(429, "too many wrong tokens", Map.of("Retry-After", "10"));
        }
        String header = Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                .orElse("");
        if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthorized("a token is needed: Authorization: Bearer …");
        }
        Token token = tokens.find(header.substring(BEARER.length()).strip())
                .filter(found -> found.expires().isAfter(clock.instant()))
                .orElseThrow(() -> {
                    wrong.take(caller);
                    return unauthorized("the token is unknown, or has expired");
                });
        if (!token.scopes().contains(operation.scope().orElseThrow())) {
            throw new Problem(
                    403,
                    "the token has not got the scope "
                            + operation.scope().orElseThrow().word());
        }
        return token;
    }

    /** Whoever has no token is not kept in conversation. */
    private static Problem unauthorized(String detail) {
        return new Problem(401, detail, Map.of("WWW-Authenticate", "Bearer realm=\"paseo\"", "Connection", "close"));
    }

    private static void send(Answer answer, Request request, Response response, Callback callback) throws IOException {
        HttpFields.Mutable headers = response.getHeaders();
        if (answer instanceof Answer.Whole whole) {
            response.setStatus(whole.status());
            whole.headers().forEach((name, value) -> headers.put(name, value));
            if (!whole.type().isEmpty()) {
                headers.put(HttpHeader.CONTENT_TYPE, whole.type());
            }
            headers.put(HttpHeader.CONTENT_LENGTH, whole.body().remaining());
            response.write(true, whole.body(), callback);
        } else if (answer instanceof Answer.Streamed streamed) {
            headers.put(HttpHeader.CONTENT_TYPE, streamed.type());
            headers.put("Content-Disposition", "attachment; filename=\"" + streamed.fileName() + "\"");
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
            // Closed only when all is written: what broke off in between must not look whole.
            OutputStream out = Content.Sink.asOutputStream(response);
            streamed.writer().to(out);
            out.close();
            callback.succeeded();
        } else if (answer instanceof Answer.Live live) {
            headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
            LiveClient client = new LiveClient(live.token(), request, response, callback, live.events()::leave);
            live.events().join(client, live.after());
        }
    }

    private static void refuse(Problem problem, Response response, Callback callback) {
        if (response.isCommitted()) {
            callback.failed(problem);
            return;
        }
        HttpFields.Mutable headers = response.getHeaders();
        problem.headers().forEach((name, value) -> headers.put(new HttpField(name, value)));
        headers.put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = Json.bytes(Json.object(
                "type", "about:blank",
                "title", HttpStatus.getMessage(problem.status()),
                "status", problem.status(),
                "detail", problem.detail()));
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.setStatus(problem.status());
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
