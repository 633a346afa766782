package paseo.matching.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.EventFormatException;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/**
 * The latest pictures of each camera or file that is being looked at. The topic {@code frames} is read only while
 * somebody asks: pictures are the bulk of what goes over Kafka. Of a camera that nobody asks for none is kept.
 */
final class LivePictures implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LivePictures.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration REACH = Duration.ofSeconds(10);
    private static final long UNASKED_NANOS = TimeUnit.SECONDS.toNanos(8);
    /** Per camera: as many as pass while a frame is looked at and stored. */
    private static final int KEPT = 40;
    /** A picture that old is no longer what is to be seen now. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Optional<KafkaConnection> kafka;
    private final LongSupplier clock;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * A picture.
     *
     * @param sourceWidth pixels of the source, which boxes are in
     * @param at when it came, {@link System#nanoTime}
     */
    record Picture(ByteBuffer jpeg, FrameReference frame, int sourceWidth, int sourceHeight, long at) {}

    /** A camera that somebody has asked for. */
    private static final class Watched {
        private final Deque<Picture> pictures = new ArrayDeque<>();
        private long asked;

        Watched(long asked) {
            this.asked = asked;
        }

        synchronized List<Picture> ask(long now) {
            asked = now;
            forget(now);
            return List.copyOf(pictures);
        }

        synchronized void keep(Picture picture) {
            pictures.addFirst(picture);
            if (pictures.size() > KEPT) {
                pictures.removeLast();
            }
        }

        synchronized boolean unasked(long now) {
            forget(now);
            return now - asked >= UNASKED_NANOS;
        }

        private void forget(long now) {
            pictures.removeIf(picture -> now - picture.at >= STALE_NANOS);
        }

        synchronized int size() {
            return pictures.size();
        }
    }

    /** @param kafka without, there is nothing to see */
    LivePictures(Optional<KafkaConnection> kafka) {
        this(kafka, System::nanoTime);
    }

    /** @param clock as {@link System#nanoTime} */
    LivePictures(Optional<KafkaConnection> kafka, LongSupplier clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /**
     * The latest pictures of a camera, newest first. The first question about it begins to look, so it has to be asked
     * again.
     */
    List<Picture> of(String camera) {
        long now = clock.getAsLong();
        forget(now);
        List<Picture> pictures =
                watched.computeIfAbsent(camera, unknown -> new Watched(now)).ask(now);
        begin();
        return pictures;
    }

    /** Pictures that are kept, of all cameras. */
    int size() {
        return watched.values().stream().mapToInt(Watched::size).sum();
    }

    /** Lets go of what nobody asks for any more, and of pictures that have grown old. */
    private void forget(long now) {
        watched.values().removeIf(camera -> camera.unasked(now));
    }

    private synchronized void begin() {
        if (thread == null && kafka.isPresent() && !closed) {
            KafkaConnection servers = kafka.get();
            Thread started = new Thread(() -> look(servers), "paseo-api-pictures");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void look(KafkaConnection servers) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                servers.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) REACH.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.FRAMES.name(), REACH).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            while (!closed && !watched.isEmpty()) {
                consumer.poll(POLL).forEach(this::take);
                forget(clock.getAsLong());
            }
        } catch (KafkaException e) {
            log.warn("live pictures cannot be had from Kafka: {}", e.getMessage());
        } finally {
            watched.clear();
            synchronized (this) {
                thread = null;
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> entry) {
        try {
            Frame frame = Topics.FRAMES.codec().deserialize(entry.topic(), entry.headers(), entry.value());
            if (frame != null && frame.content() instanceof Image image) {
                keep(new Picture(
                        image.jpeg(), frame.reference(), image.sourceWidth(), image.sourceHeight(), clock.getAsLong()));
            }
        } catch (EventFormatException e) {
            log.debug("record {} of {} is no frame", entry.offset(), entry.topic(), e);
        }
    }

    /** Takes a picture, if it is of a camera that somebody asks for. */
    void keep(Picture picture) {
        Watched camera = watched.get(picture.frame.camera());
        if (camera != null) {
            camera.keep(picture);
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            try {
                running.join(REACH.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
