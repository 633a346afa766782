package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.operations.Management;
import paseo.testing.Assets;
import paseo.testing.rtsp.LabCamera;

/** What is shown of a system that watches a camera: that it is alive and ready, and every metric that anybody uses. */
@Tag("e2e")
class ObservabilityIT {
    /** Kafka's clients show the metrics of a new partition within a minute. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Pattern METRIC = Pattern.compile("\\b(?:paseo|kafka|hikaricp|jvm|process)_[a-z0-9_]+");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void everyMetricOfAlertsAndDashboardsIsInARealScrape() throws Exception {
        Path video = Assets.require("videos/intel_reid_a.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Set<String> used = used();
        assertThat(used).contains("paseo_frames_age_seconds_bucket", "paseo_dead_letters_total");
        try (LabCamera camera = new LabCamera(PlayedVideo.of(video, directory.resolve("video.h264")));
                Management management = Management.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Watch watch = new Watch(settings(camera.url()), terminal(), management);
            CompletableFuture<Void> watching = CompletableFuture.runAsync(watch::execute);
            try {
                Set<String> missing = used;
                String scrape = "";
                long deadline = System.nanoTime() + LIMIT.toNanos();
                while (!missing.isEmpty() && !watching.isDone() && System.nanoTime() < deadline) {
                    LockSupport.parkNanos(500_000_000);
                    scrape = get(management, "/metrics");
                    missing = missing(used, scrape);
                }
                assertThat(missing).as("not in a scrape; said: %s", said).isEmpty();
                assertThat(scrape).doesNotContain("person=\"").doesNotContain("secret");
                assertThat(get(management, "/livez")).contains("alive");
                assertThat(new ObjectMapper().readTree(get(management, "/readyz")))
                        .isEqualTo(new ObjectMapper().readTree("{\"status\":\"ready\",\"missing\":{}}"));
            } finally {
                watch.stop();
            }
            watching.join();
        }
    }

    private static Set<String> missing(Set<String> used, String scrape) {
        Set<String> shown = scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[ {].*", ""))
                .collect(Collectors.toSet());
        return used.stream().filter(name -> !shown.contains(name)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The metrics in every expression of the alerts and of the dashboards. */
    private static Set<String> used() throws IOException {
        Path deploy = Path.of(System.getenv("PASEO_ROOT"), "deploy");
        StringBuilder expressions = new StringBuilder(Files.readString(deploy.resolve("prometheus/alerts.yml")))
                .append(Files.readString(deploy.resolve("kubernetes/scaling.yaml")));
        try (Stream<Path> dashboards = Files.list(deploy.resolve("grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                JsonNode root = new ObjectMapper().readTree(Files.readString(dashboard));
                root.findValuesAsText("expr")
                        .forEach(expression -> expressions.append('\n').append(expression));
            }
        }
        return METRIC.matcher(expressions).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    private RunSettings settings(String url) {
        RunSettings standard = RunSettings.of(List.of(url), directory.resolve("data"));
        // Slower than it comes, so that some are dropped.
        return new RunSettings(
                standard.inputs(),
                standard.data(),
                standard.pack(),
                standard.acceptedLicences(),
                OptionalDouble.of(5),
                standard.threads(),
                standard.annotate(),
                standard.export(),
                standard.calibration(),
                standard.targetFpir(),
                standard.kafka(),
                standard.postgres(),
                standard.pgvector());
    }

    private Terminal terminal() {
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, false, 0);
    }

    private static String get(Management management, String path) throws Exception {
        int port = management.address().map(InetSocketAddress::getPort).orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
