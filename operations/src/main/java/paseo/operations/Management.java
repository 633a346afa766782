package paseo.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a process shows to whoever runs it, over HTTP where an address was given:
 *
 * <ul>
 *   <li>{@code /metrics}: everything that is counted, for Prometheus
 *   <li>{@code /livez}: 200 while the process's own loops move, else 503 with those that hang
 *   <li>{@code /readyz}: 200 when nothing that it needs is missing, else 503 with the reasons
 * </ul>
 *
 * <p>Nothing here tells of a person, and there is nothing to change; still, names of cameras are among the metrics, and
 * there is no password: the address should be one that only the operator's network reaches.
 */
public final class Management implements AutoCloseable {
    /** Those who look are two; the rest is for requests that take long, so that these don't make the process dead. */
    private static final int THREADS = 16;

    private static final Duration IDLE = Duration.ofSeconds(30);

    /** The JDK's server waits for ever unless it is told otherwise, in whole seconds, before the first is made. */
    private static final Map<String, Duration> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", Duration.ofSeconds(10),
            "sun.net.httpserver.maxRspTime", Duration.ofSeconds(30));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json; charset=utf-8";

    private final MeterRegistry meters;
    private final Health health;
    private final @Nullable HttpServer server;
    private final @Nullable ExecutorService threads;
    private final List<AutoCloseable> binders = new CopyOnWriteArrayList<>();

    private Management(
            MeterRegistry meters, Health health, @Nullable HttpServer server, @Nullable ExecutorService threads) {
        this.meters = meters;
        this.health = health;
        this.server = server;
        this.threads = threads;
    }

    /** Counts, and shows it to nobody. */
    public static Management silent() {
        return silent(new SimpleMeterRegistry());
    }

    /** Counts in a registry of the caller's. */
    public static Management silent(MeterRegistry meters) {
        return new Management(meters, new Health(), null, null);
    }

    /**
     * Shows it from now on.
     *
     * @throws IOException if nobody can listen at the address
     */
    public static Management at(InetSocketAddress address) throws IOException {
        LIMITS.forEach((name, limit) -> System.getProperties().putIfAbsent(name, Long.toString(limit.toSeconds())));
        HttpServer server = HttpServer.create(address, 0);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Health health = new Health();
        new ClassLoaderMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        ExecutorService threads = threads();
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, 404, JSON_TYPE, "{\"status\":\"unknown\"}"));
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape()));
        server.createContext("/livez", exchange -> alive(exchange, health.hanging()));
        server.createContext("/readyz", exchange -> ready(exchange, health.missing()));
        server.start();
        Management management = new Management(meters, health, server, threads);
        management.bind(new JvmGcMetrics());
        return management;
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "management");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Where it listens; empty where it shows nothing. */
    public Optional<InetSocketAddress> address() {
        return Optional.ofNullable(server).map(HttpServer::getAddress);
    }

    /** What the process counts. */
    public MeterRegistry meters() {
        return meters;
    }

    /** Also shows what a library measures of itself, its Kafka clients above all; nothing where nobody looks. */
    @SuppressWarnings("try") // Closing a binder waits for nothing.
    public <B extends MeterBinder & AutoCloseable> void bind(B binder) {
        if (server != null) {
            binder.bindTo(meters);
            binders.add(binder);
        }
    }

    /** How the process is. */
    public Health health() {
        return health;
    }

    private static void alive(HttpExchange exchange, List<String> hanging) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("status", hanging.isEmpty() ? "alive" : "hangs");
        ArrayNode loops = json.putArray("hanging");
        hanging.forEach(loops::add);
        answer(exchange, hanging.isEmpty() ? 200 : 503, JSON_TYPE, json.toString());
    }

    private static void ready(HttpExchange exchange, Map<String, String> missing) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("status", missing.isEmpty() ? "ready" : "not ready");
        ObjectNode reasons = json.putObject("missing");
        missing.forEach(reasons::put);
        answer(exchange, missing.isEmpty() ? 200 : 503, JSON_TYPE, json.toString());
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            if (!head && !method.equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** Stops listening at once; what is counted stays readable for the process itself. */
    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
        for (AutoCloseable binder : binders) {
            try {
                binder.close();
            } catch (Exception e) {
                throw new IllegalStateException("a meter of the JVM cannot be closed", e);
            }
        }
    }
}
