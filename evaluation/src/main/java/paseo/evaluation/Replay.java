package paseo.evaluation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;
import paseo.evaluation.scenes.Truth;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Landmarks;
import paseo.events.Source;
import paseo.events.Topics;
import paseo.matching.Archive;
import paseo.matching.Calibration;
import paseo.matching.DatabaseSettings;
import paseo.matching.FaceRow;
import paseo.matching.Matcher;
import paseo.matching.MatcherSettings;
import paseo.matching.SessionFilter;
import paseo.tracking.TrackerSettings;
import paseo.tracking.TrackerStreams;

/**
 * The faces of an earlier run once more through tracker and matcher, over a real Kafka and a real PostgreSQL: what a
 * change of those two makes of the same detections, in a tenth of the time and without models.
 */
final class Replay implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final int LARGEST_RECORD = 16 << 20;
    private static final long PATIENCE = Duration.ofMinutes(5).toNanos();
    private static final long POLL_MILLIS = 100;
    private static final double MICRO = 1e6;

    /** No picture is needed to follow and compare, but the contract asks for one. */
    private static final ByteBuffer NO_PICTURE = ByteBuffer.wrap(new byte[] {0}).asReadOnlyBuffer();

    private static final Landmarks NOWHERE = Landmarks.of(new float[10]);

    private final String pack;
    private final EmbeddedPostgres postgres;
    private final EmbeddedKafka kafka;
    private final Archive archive;
    private final Matcher matcher;
    private final TrackerStreams tracker;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * Starts the two services.
     *
     * @param directory an empty one
     * @param pack of the recorded embeddings, {@code name@version}
     */
    Replay(Path directory, String pack, Calibration calibration) throws IOException {
        this.pack = pack;
        try {
            postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Options(
                    directory.resolve("database"),
                    EmbeddedPostgres.defaultInstallDirectory(),
                    Optional.empty(),
                    note -> {}));
            kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        } catch (EmbeddedFailure e) {
            throw new IOException("cannot start what the services need: " + e.getMessage(), e);
        }
        DatabaseSettings database = new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        matcher = new Matcher(
                new MatcherSettings(kafka.bootstrapServers(), PARTITIONS, database, pack, calibration.thresholds()),
                meters);
        tracker = new TrackerStreams(
                TrackerSettings.of(kafka.bootstrapServers(), directory.resolve("streams"))
                        .withPartitions(PARTITIONS),
                meters);
        matcher.onFailure(cause -> failure.compareAndSet(null, cause));
        tracker.onFailure(cause -> failure.compareAndSet(null, cause));
        matcher.start();
        tracker.start();
        archive = Archive.open(database);
    }

    /**
     * Plays videos, each after the one before it is decided.
     *
     * @param truth by video, in the order to be played; says how many frames there are and when
     * @param recorded their faces
     * @param done told each video's name
     */
    ProductRun play(List<List<Truth>> truth, ProductRun recorded, Consumer<String> done)
            throws IOException, InterruptedException {
        Map<String, Map<Long, List<FaceRow>>> faces = new HashMap<>();
        for (FaceRow face : recorded.faces()) {
            faces.computeIfAbsent(face.source(), source -> new HashMap<>())
                    .computeIfAbsent(face.frame(), frame -> new ArrayList<>())
                    .add(face);
        }
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                LARGEST_RECORD,
                ProducerConfig.LINGER_MS_CONFIG,
                20);
        try (KafkaProducer<String, Detections> producer =
                new KafkaProducer<>(settings, new StringSerializer(), Topics.DETECTIONS.codec())) {
            for (List<Truth> video : truth) {
                if (!video.isEmpty()) {
                    String name = video.get(0).video();
                    send(producer, video, faces.getOrDefault(name, Map.of()));
                    awaitEnd(name);
                    done.accept(name);
                }
            }
        }
        List<FaceRow> stored = new ArrayList<>();
        archive.faces(SessionFilter.all(), stored::add);
        return new ProductRun(stored, archive.sightings(SessionFilter.all()));
    }

    private void send(KafkaProducer<String, Detections> producer, List<Truth> video, Map<Long, List<FaceRow>> faces) {
        Truth last = video.get(video.size() - 1);
        double framesPerSecond = last.frame() / last.timeSeconds();
        int width = (int) Math.ceil(
                video.stream().mapToDouble(row -> row.x() + row.width()).max().orElse(1));
        int height = (int) Math.ceil(
                video.stream().mapToDouble(row -> row.y() + row.height()).max().orElse(1));
        Source source = new Source(
                last.video(),
                Source.Kind.FILE,
                width,
                height,
                framesPerSecond,
                Math.round((last.frame() + 1) / framesPerSecond * MICRO));
        send(producer, record(last.video(), -1, 0, new Heartbeat(Heartbeat.State.STARTED, source, "")));
        for (long frame = 0; frame <= last.frame(); frame++) {
            List<Face> found = faces.getOrDefault(frame, List.of()).stream()
                    .map(Replay::face)
                    .toList();
            int dimension = found.stream()
                    .flatMap(face -> Optional.ofNullable(face.embedding()).stream())
                    .mapToInt(embedding -> embedding.dimension())
                    .findFirst()
                    .orElse(1);
            send(
                    producer,
                    record(
                            last.video(),
                            frame,
                            Math.round(frame / framesPerSecond * MICRO),
                            new Detections.Faces(pack, dimension, width, height, found)));
        }
        send(
                producer,
                record(
                        last.video(),
                        last.frame(),
                        Math.round(last.timeSeconds() * MICRO),
                        new Heartbeat(Heartbeat.State.ENDED, source, "")));
        producer.flush();
    }

    /** What Kafka refuses is a failure of the replay: the tracker would wait for it for ever. */
    private void send(KafkaProducer<String, Detections> producer, ProducerRecord<String, Detections> record) {
        Future<RecordMetadata> unused = producer.send(record, (stored, refused) -> {
            if (refused != null) {
                failure.compareAndSet(null, refused);
            }
        });
    }

    private static ProducerRecord<String, Detections> record(
            String video, long frame, long micros, Detections.Content content) {
        return new ProducerRecord<>(
                Topics.DETECTIONS.name(),
                video,
                new Detections(new FrameReference(video, 1, frame, micros, micros), content));
    }

    private static Face face(FaceRow row) {
        return new Face(
                row.box(),
                row.score(),
                NOWHERE,
                row.pose(),
                row.quality(),
                row.usability(),
                row.embedding().orElse(null),
                row.embedding().isPresent() ? NO_PICTURE : null);
    }

    private void awaitEnd(String video) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        while (!archive.session(video, 1).finished()) {
            if (failure.get() != null) {
                throw new IOException("a service failed at " + video + ": " + failure.get(), failure.get());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        video + " was not decided within " + TimeUnit.NANOSECONDS.toMinutes(PATIENCE) + " minutes");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() {
        archive.close();
        tracker.close();
        matcher.close();
        kafka.close();
        postgres.close();
    }
}
