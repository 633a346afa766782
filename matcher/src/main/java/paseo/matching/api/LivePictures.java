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
 * The latest picture of each camera or file that is being looked at. The topic {@code frames} is read only while
 * somebody asks: pictures are the bulk of what goes over Kafka.
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
    private final Map<String, Deque<Picture>> latest = new ConcurrentHashMap<>();
    private volatile long asked;
    private @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * A picture.
     *
     * @param sourceWidth pixels of the source, which boxes are in
     * @param at when it came, {@link System#nanoTime}
     */
    record Picture(ByteBuffer jpeg, FrameReference frame, int sourceWidth, int sourceHeight, long at) {}

    /** @param kafka without, there is nothing to see */
    LivePictures(Optional<KafkaConnection> kafka) {
        this.kafka = kafka;
    }

    /**
     * The latest pictures of a camera, newest first. The first question about any begins to look, so it has to be asked
     * again.
     */
    List<Picture> of(String camera) {
        long now = System.nanoTime();
        asked = now;
        begin();
        Deque<Picture> pictures = latest.getOrDefault(camera, new ArrayDeque<>());
        synchronized (pictures) {
            return pictures.stream()
                    .filter(picture -> now - picture.at < STALE_NANOS)
                    .toList();
        }
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
            while (!closed && System.nanoTime() - asked < UNASKED_NANOS) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (KafkaException e) {
            log.warn("live pictures cannot be had from Kafka: {}", e.getMessage());
        } finally {
            latest.clear();
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
                        image.jpeg(), frame.reference(), image.sourceWidth(), image.sourceHeight(), System.nanoTime()));
            }
        } catch (EventFormatException e) {
            log.debug("record {} of {} is no frame", entry.offset(), entry.topic(), e);
        }
    }

    private void keep(Picture picture) {
        Deque<Picture> pictures = latest.computeIfAbsent(picture.frame.camera(), unknown -> new ArrayDeque<>());
        synchronized (pictures) {
            pictures.addFirst(picture);
            if (pictures.size() > KEPT) {
                pictures.removeLast();
            }
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
