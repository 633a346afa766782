package paseo.evaluation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import paseo.events.Topics;
import paseo.standalone.SharedKafka;

/**
 * From a camera's picture to its faces: {@code paseo watch} on a transport stream that comes over HTTP, each picture
 * when it is due, one 1080p camera at 25 pictures a second.
 */
final class CameraLatency {
    private static final int FRAME_RATE = 25;
    private static final int SECONDS = 70;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final int WINDOWS = 3;
    /** In which pictures are counted. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofMillis(100);

    /** Bytes of a transport stream's packet, of which so many are its header. */
    private static final int PACKET = 188;

    private static final int HEADER = 4;
    private static final int PAYLOAD_BEGINS = 0x40;
    private static final int ADAPTATION_FIELD = 0x20;
    /** Stream ids of video are 1110 and four bits more. */
    private static final int VIDEO = 0xe0;

    private final Path directory;
    private final List<String> pack;

    /** @param pack options that choose it */
    CameraLatency(Path directory, List<String> pack) {
        this.directory = directory;
        this.pack = pack;
    }

    /**
     * How long it takes until a reader of the topic {@code detections} has what was found in a picture, in windows of
     * ten seconds.
     */
    List<GlassToEvent.Times> measure(Path video) throws IOException, InterruptedException {
        Path clip = directory.resolve("camera.ts");
        Clip.write(video, SECONDS * FRAME_RATE, FRAME_RATE, "mpegts", clip);
        byte[] stream = Files.readAllBytes(clip);
        HttpServer camera = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService senders = Executors.newCachedThreadPool();
        camera.setExecutor(senders);
        camera.createContext("/camera.ts", exchange -> play(stream, exchange));
        camera.start();
        try {
            return watch("http://127.0.0.1:" + camera.getAddress().getPort() + "/camera.ts");
        } finally {
            camera.stop(0);
            senders.shutdownNow();
        }
    }

    /** Each picture whole when it is due, as a camera sends it. */
    private static void play(byte[] stream, HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "video/mp2t");
        exchange.sendResponseHeaders(200, 0);
        int[] pictures = pictures(stream);
        try (OutputStream out = exchange.getResponseBody()) {
            long start = System.nanoTime();
            for (int i = 0, sent = 0; i < pictures.length; i++) {
                int end = i + 1 < pictures.length ? pictures[i + 1] : stream.length;
                out.write(stream, sent, end - sent);
                out.flush();
                sent = end;
                long due = start + TimeUnit.SECONDS.toNanos(i + 1) / FRAME_RATE;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    /**
     * Where pictures begin in a transport stream: in packets that begin a video's PES packet (ISO/IEC 13818-1, 2.4.3).
     */
    static int[] pictures(byte[] stream) {
        return IntStream.iterate(0, at -> at + PACKET <= stream.length, at -> at + PACKET)
                .filter(at -> (stream[at + 1] & PAYLOAD_BEGINS) != 0 && isVideo(stream, at + payload(stream, at)))
                .toArray();
    }

    /** From a packet's beginning to that of its payload. */
    private static int payload(byte[] stream, int packet) {
        boolean adapted = (stream[packet + 3] & ADAPTATION_FIELD) != 0;
        return adapted ? HEADER + 1 + (stream[packet + HEADER] & 0xff) : HEADER;
    }

    private static boolean isVideo(byte[] stream, int at) {
        return stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1 && (stream[at + 3] & 0xf0) == VIDEO;
    }

    private List<GlassToEvent.Times> watch(String address) throws IOException, InterruptedException {
        Path data = directory.resolve("watched");
        List<String> arguments =
                new ArrayList<>(List.of("watch", address, "--data", data.toString(), "--listen", "off", "--quiet"));
        arguments.addAll(pack);
        Process watch = new ProcessBuilder(ChildJvm.command("paseo.standalone.Main", arguments))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("watch.txt").toFile())
                .start();
        try {
            String kafka = kafka(data, watch);
            LockSupport.parkNanos(WARM_UP.toNanos());
            List<GlassToEvent.Times> windows = new ArrayList<>();
            for (int i = 0; i < WINDOWS; i++) {
                windows.add(window(kafka));
            }
            return windows;
        } finally {
            watch.destroy();
            watch.waitFor(1, TimeUnit.MINUTES);
        }
    }

    private static GlassToEvent.Times window(String kafka) throws IOException {
        try (GlassToEvent latency = new GlassToEvent(kafka)) {
            latency.read(WINDOW);
            GlassToEvent.Times times = latency.times().get(Topics.DETECTIONS.name());
            if (times == null || times.events() == 0) {
                throw new IOException("nothing of the camera's pictures came through");
            }
            return times;
        }
    }

    private String kafka(Path data, Process watch) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<String> kafka = SharedKafka.of(data);
            if (kafka.isPresent()) {
                return kafka.get();
            }
            if (!watch.isAlive()) {
                throw new IOException("watching ended:\n" + Files.readString(directory.resolve("watch.txt")));
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        throw new IOException("watching did not start in " + START_LIMIT.toSeconds() + " s");
    }
}
