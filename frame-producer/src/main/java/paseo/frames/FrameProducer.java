package paseo.frames;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.TopicMismatchException;
import paseo.events.Topics;
import paseo.frames.Inputs.FileInput;
import paseo.operations.Management;

/**
 * Reads files one after the other and puts their frames on the topic {@code frames}: all of one run on one partition,
 * but for sessions of an earlier run, which stay on theirs.
 *
 * <p>No frame of a file is ever dropped: the producer waits for the inference workers. A run that was stopped goes on
 * after the last frame that the workers have handed on; a session that they have finished is not sent again. A bad
 * input fails alone.
 */
public final class FrameProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FrameProducer.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ProducerSettings settings;
    private final List<FileSource> sources;
    private final ProducerMetrics metrics;
    private final Clock clock;
    private final int cameras;
    private final StopSignal stop = new StopSignal();
    private final AtomicBoolean started = new AtomicBoolean();
    private final Admin admin;
    private final KafkaProducer<String, Frame> producer;
    private final Map<Session, FileSource> begun = new HashMap<>();
    /** Kept from file to file: what waits of one can expire while the next is read. */
    private final Map<Integer, FramesPartition> framesPartitions = new HashMap<>();

    private OptionalInt runPartition;

    /**
     * @param inputs files, directories (their videos sorted by name) and {@code file:} URLs, in the order to be read
     * @throws KafkaException if Kafka's address is malformed
     */
    public FrameProducer(ProducerSettings settings, List<String> inputs, MeterRegistry registry) {
        this(settings, inputs, registry, Clock.systemUTC(), 0);
    }

    /** The same, which also shows how Kafka's clients are. */
    public FrameProducer(ProducerSettings settings, List<String> inputs, Management management) {
        this(settings, inputs, management, 0);
    }

    /**
     * The same beside cameras.
     *
     * @param cameras how many are given to {@link CameraProducer#of}
     */
    FrameProducer(ProducerSettings settings, List<String> inputs, Management management, int cameras) {
        this(settings, inputs, management.meters(), Clock.systemUTC(), cameras);
        management.bind(new KafkaClientMetrics(producer));
    }

    FrameProducer(ProducerSettings settings, List<String> inputs, MeterRegistry registry, Clock clock, int cameras) {
        this.settings = settings;
        this.clock = clock;
        this.cameras = cameras;
        sources = Inputs.expand(inputs).stream().map(FileSource::new).toList();
        metrics = ProducerMetrics.in(registry);
        runPartition = settings.partition();
        admin = KafkaClients.admin(settings.kafka());
        producer = KafkaClients.producer(settings.kafka());
    }

    /**
     * Publishes every input; blocks until the last has ended, or until {@link #close}. To be called once.
     *
     * @throws TopicMismatchException if the topics in Kafka do not fit the contract
     * @throws KafkaException if Kafka is unreachable or refuses; what was not sent can be resumed by another run
     */
    public void run() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a frame producer runs once");
        }
        try {
            int partitions = Topics.prepare(admin, settings.partitions());
            if (runPartition.isPresent() && runPartition.getAsInt() >= partitions) {
                throw new IllegalArgumentException("there is no partition " + runPartition.getAsInt() + ": topic "
                        + Topics.FRAMES.name() + " has " + partitions + ", counted from 0");
            }
            while (!readAll(partitions)) {
                log.info("reading again what expired before a worker took it");
            }
        } catch (KafkaException | IllegalStateException e) {
            // Closing the clients is what ends a call that blocks.
            if (!stop.raised()) {
                throw e;
            }
            log.debug("stopped", e);
        }
    }

    /** How far each input is, in the order of reading. */
    public List<SourceStatus> status() {
        return sources.stream().map(FileSource::status).toList();
    }

    /** Stops a run, which then returns soon and can be resumed by another. */
    @Override
    public void close() {
        stop.raise();
        producer.close(GRACE);
        admin.close(Duration.ZERO);
    }

    /** Whether nothing was lost on the way. */
    private boolean readAll(int partitions) {
        Map<Session, SessionProgress> progress = DetectionsTail.read(settings.kafka(), partitions);
        for (FileSource source : sources) {
            if (stop.raised()) {
                return true;
            }
            Optional<FileInput> file = source.file();
            if (file.isEmpty() || (source.over() && source.status().camera().isEmpty())) {
                continue;
            }
            try {
                read(source, file.get(), progress, partitions);
            } catch (FramesExpiredException e) {
                log.warn("{}", e.getMessage());
                begun.clear();
                return false;
            } catch (VideoException e) {
                log.warn("{}", e.getMessage());
                source.failed(e.getMessage());
            }
        }
        return true;
    }

    private void read(FileSource source, FileInput file, Map<Session, SessionProgress> progress, int partitions) {
        try (VideoFile video = VideoFile.open(file.path());
                JpegEncoder encoder = new JpegEncoder(settings.jpegQuality())) {
            Session session = Session.of(file.path(), settings);
            source.began(session, video);
            Optional<SessionProgress> before = Optional.ofNullable(progress.get(session));
            Optional<Heartbeat> end = before.flatMap(SessionProgress::end);
            if (end.isPresent()) {
                source.endedBefore(end.get());
                return;
            }
            FileSource copy = begun.putIfAbsent(session, source);
            if (copy != null) {
                source.endedAs(copy);
                return;
            }
            int number = before.map(SessionProgress::partition).orElseGet(() -> partitionOfRun(session, partitions));
            FramesPartition partition =
                    framesPartitions.computeIfAbsent(number, first -> new FramesPartition(producer, admin, first));
            SessionWriter writer = new SessionWriter(
                    session, video.source(), source, partition, settings.maxLag(), clock, stop, metrics);
            long seen = before.map(SessionProgress::lastNumber).orElse(-1L);
            log.info(
                    "{} is camera {} on partition {}{}",
                    source.status().name(),
                    session.camera(),
                    number,
                    seen < 0 ? "" : ", continued after frame " + seen);
            try {
                writer.begin(before);
                Optional<UnitReader> units = settings.carry() == Carry.PACKETS
                        ? video.units(new SamplingGrid(settings.fps())::takes)
                        : Optional.empty();
                if (units.isPresent()) {
                    new UnitCopy(source, writer, metrics, stop).copy(video, units.get(), seen);
                } else {
                    copy(video, seen, encoder, source, writer);
                }
            } catch (FramesExpiredException e) {
                partition.clear();
                throw e;
            } catch (VideoException e) {
                if (!writer.ended()) {
                    // A copy on another disk may be read where this one was not.
                    begun.remove(session);
                }
                throw e;
            }
        }
    }

    private void copy(VideoFile video, long seen, JpegEncoder encoder, FileSource source, SessionWriter writer) {
        String camera = source.status().camera();
        var read = metrics.read(camera);
        var sampledOut = metrics.sampledOut(camera);
        var alreadySeen = metrics.alreadySeen(camera);
        SamplingGrid grid = new SamplingGrid(settings.fps());
        StillPictures stillness = new StillPictures();
        try {
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                read.increment();
                source.read(frame.number(), frame.captureTimeMicros());
                if (grid.takes(frame.captureTimeMicros())) {
                    boolean still = stillness.still(BrightnessPoints.of(frame.picture()));
                    if (frame.number() <= seen) {
                        alreadySeen.increment();
                    } else {
                        writer.awaitRoom();
                        writer.write(
                                frame,
                                encode(encoder, frame, source.status().name()).still(still));
                    }
                } else {
                    sampledOut.increment();
                }
                if (stop.raised()) {
                    return;
                }
                writer.heartbeatWhenDue();
            }
            writer.end(Heartbeat.State.ENDED, "");
            source.done();
        } catch (VideoException e) {
            writer.breakOff(e);
            throw e;
        }
        if (video.damagedPackets() + video.repairedTimes() > 0) {
            log.info(
                    "{}: {} damaged packets, {} time stamps repaired",
                    source.status().name(),
                    video.damagedPackets(),
                    video.repairedTimes());
        }
    }

    /** A picture that fits into a record: smaller where it must be. */
    private Image encode(JpegEncoder encoder, DecodedFrame frame, String name) {
        long start = System.nanoTime();
        try {
            Image image = encoder.encode(frame, settings.maxSide());
            while (image.jpeg().remaining() > KafkaClients.MAX_JPEG_BYTES) {
                image = encoder.encode(frame, Math.max(image.width(), image.height()) * 3 / 4);
            }
            return image;
        } catch (VideoException e) {
            throw new VideoException(name + ": frame " + frame.number() + ": " + e.getMessage(), e);
        } finally {
            metrics.jpeg().record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private int partitionOfRun(Session first, int partitions) {
        if (runPartition.isEmpty()) {
            Set<Integer> taken = new HashSet<>(CameraPartitions.read(settings.kafka(), partitions));
            taken.addAll(CameraProducer.partitionsOfGiven(cameras, partitions));
            int[] free = IntStream.range(0, partitions)
                    .filter(partition -> taken.size() == partitions || !taken.contains(partition))
                    .toArray();
            int hash = Utils.toPositive(Utils.murmur2(first.camera().getBytes(StandardCharsets.UTF_8)));
            runPartition = OptionalInt.of(free[hash % free.length]);
        }
        return runPartition.getAsInt();
    }
}
