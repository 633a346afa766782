package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A real Chromium, without a window, spoken to in its DevTools protocol: Debian's own, which a driver of another
 * version would refuse. Where there is none the calling test is skipped, with that reason.
 */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> waiting;
    private final AtomicInteger ids = new AtomicInteger();
    private final List<String> complaints;

    private Browser(
            Process process,
            WebSocket socket,
            Map<Integer, CompletableFuture<JsonNode>> waiting,
            List<String> complaints) {
        this.process = process;
        this.socket = socket;
        this.waiting = waiting;
        this.complaints = complaints;
    }

    /** @param directory for its profile */
    static Browser start(Path directory, int width, int height) throws IOException {
        Path program = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("no Chromium to look with: apt install chromium"));
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + directory,
                        "--window-size=" + width + "," + height,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
            List<String> complaints = new CopyOnWriteArrayList<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(page(port(process)), new Answers(waiting, complaints))
                    .join();
            Browser browser = new Browser(process, socket, waiting, complaints);
            browser.ask("Runtime.enable", JSON.createObjectNode());
            browser.ask("Log.enable", JSON.createObjectNode());
            browser.ask("Page.enable", JSON.createObjectNode());
            return browser;
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(Process process) throws IOException {
        BufferedReader errors =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                Thread drain = new Thread(() -> errors.lines().forEach(ignored -> {}), "chromium-errors");
                drain.setDaemon(true);
                drain.start();
                return URI.create(line.substring("DevTools listening on ".length()))
                        .getPort();
            }
        }
        throw new IOException("Chromium ended before it listened");
    }

    private static URI page(int port) throws IOException {
        URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
        try {
            String pages = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            for (JsonNode page : JSON.readTree(pages)) {
                if (page.get("type").asText().equals("page")) {
                    return URI.create(page.get("webSocketDebuggerUrl").asText());
                }
            }
            throw new IOException("Chromium has no page");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Gathers what the browser says. */
    private static final class Answers implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> waiting;
        private final List<String> complaints;
        private final StringBuilder text = new StringBuilder();

        Answers(Map<Integer, CompletableFuture<JsonNode>> waiting, List<String> complaints) {
            this.waiting = waiting;
            this.complaints = complaints;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(String message) {
            try {
                JsonNode json = JSON.readTree(message);
                Optional.ofNullable(waiting.remove(json.path("id").asInt(-1)))
                        .ifPresent(answer -> answer.complete(json));
                String method = json.path("method").asText();
                boolean logged = method.equals("Log.entryAdded")
                        && json.at("/params/entry/level").asText().equals("error");
                if (method.equals("Runtime.exceptionThrown") || logged) {
                    complaints.add(json.get("params").toString());
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private JsonNode ask(String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true).join();
        JsonNode got = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (got.has("error")) {
            throw new AssertionError(method + ": " + got.get("error"));
        }
        return got.get("result");
    }

    /** Goes to an address. */
    void open(String address) {
        ask("Page.navigate", JSON.createObjectNode().put("url", address));
    }

    /** What a JavaScript expression gives, promises awaited. */
    JsonNode evaluate(String expression) {
        JsonNode result = ask(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until a JavaScript expression is true. */
    void await(String expression) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate("Boolean(" + expression + ")").asBoolean()) {
            assertThat(System.nanoTime())
                    .as(
                            "%s in %s; complaints %s",
                            expression, evaluate("document.body.innerText").asText(), complaints)
                    .isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** Clicks the first element of a selector whose text contains something. */
    void click(String selector, String text) {
        String found = "[...document.querySelectorAll('" + selector + "')].find((e) => e.textContent.includes('" + text
                + "') && !e.disabled)";
        await(found);
        evaluate(found + ".click()");
    }

    /** Types a key as a person does. */
    void key(String key) {
        ask(
                "Input.dispatchKeyEvent",
                JSON.createObjectNode().put("type", "keyDown").put("key", key).put("text", key));
        ask(
                "Input.dispatchKeyEvent",
                JSON.createObjectNode().put("type", "keyUp").put("key", key));
    }

    /** Drags one element onto another, as a pointer does. */
    void drag(String from, String onto) {
        await("document.querySelector('" + from + "') && document.querySelector('" + onto + "')");
        evaluate("(() => { const data = new DataTransfer(); const fire = (selector, type) =>"
                + " document.querySelector(selector).dispatchEvent(new DragEvent(type,"
                + " { bubbles: true, cancelable: true, dataTransfer: data })); fire('" + from + "', 'dragstart');"
                + " for (const type of ['dragenter', 'dragover', 'drop']) fire('" + onto + "', type); })()");
    }

    /** Drops a file from outside the browser on an element. */
    void dropFile(Path file, String onto) {
        await("document.querySelector('" + onto + "')");
        JsonNode middle = evaluate("(() => { const box = document.querySelector('" + onto
                + "').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()");
        ObjectNode data = JSON.createObjectNode().put("dragOperationsMask", 1);
        data.putArray("items");
        data.putArray("files").add(file.toString());
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            ObjectNode event = JSON.createObjectNode()
                    .put("type", type)
                    .put("x", middle.get(0).asDouble())
                    .put("y", middle.get(1).asDouble());
            event.set("data", data);
            ask("Input.dispatchDragEvent", event);
        }
    }

    /** What axe-core finds serious or critical in what is shown now, one finding a line. */
    List<String> barriers() throws IOException {
        if (evaluate("typeof axe === 'undefined'").asBoolean()) {
            try (InputStream script =
                    Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"), "axe.min.js")) {
                evaluate(new String(script.readAllBytes(), StandardCharsets.UTF_8) + "; true");
            }
        }
        JsonNode found = evaluate("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>"
                + " violations.filter((one) => ['serious', 'critical'].includes(one.impact)).flatMap((one) =>"
                + " one.nodes.map((node) => one.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))");
        List<String> barriers = new ArrayList<>();
        found.forEach(one -> barriers.add(one.asText()));
        return barriers;
    }

    /** As wide and high as that, in CSS pixels. */
    void resize(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** Errors of scripts, refused requests and breaches of the content security policy since the last time. */
    List<String> complaints() {
        List<String> said = new ArrayList<>(complaints);
        complaints.clear();
        return said;
    }

    /** What can be seen, as PNG. */
    void picture(Path file) throws IOException {
        JsonNode shot = ask("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asText()));
    }

    /** Ends it and its helpers, which outlive it by a tenth of a second and write to the profile till then. */
    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroy();
        for (ProcessHandle one :
                Stream.concat(Stream.of(process.toHandle()), helpers.stream()).toList()) {
            try {
                one.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                one.destroyForcibly();
            }
        }
    }
}
