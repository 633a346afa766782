package paseo.standalone;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Detections;
import paseo.inference.DetectionInterval;
import paseo.inference.FacePipeline;
import paseo.inference.InferenceWorker;
import paseo.inference.ModelPack;
import paseo.inference.WorkerSettings;
import paseo.matching.Matcher;
import paseo.matching.MatcherSettings;
import paseo.matching.Thresholds;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;
import paseo.tracking.TrackerSettings;
import paseo.tracking.TrackerStreams;

/** The four services in this process. Whichever fails, the first reason is kept. */
final class Services implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Services.class);
    /** Reasons for which the worker does not look at a frame; other services count theirs under the same name. */
    static final Set<String> WORKER_DROPS = Arrays.stream(Detections.Dropped.Reason.values())
            .map(reason -> reason.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Matcher matcher;
    private final TrackerStreams tracker;
    private final InferenceWorker worker;
    private final Feed feed;
    private final Thread workerThread;
    private final Thread producerThread;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;

    /** The service that brings frames in. */
    interface Feed extends AutoCloseable {
        /** Brings them until the last, or until closed. */
        void run();

        @Override
        void close();
    }

    /**
     * Services that do not run yet.
     *
     * @param servers that they talk over
     * @param data where the tracker keeps its state
     * @param pipeline that the worker looks with
     * @param thresholds of its model pack
     * @param feed files or cameras; closed with the others
     * @param commitInterval how long what the tracker found out may wait
     * @param interval of how many frames the worker looks at one
     * @param management of all of them
     */
    Services(
            Servers servers,
            DataDirectory data,
            FacePipeline pipeline,
            Thresholds thresholds,
            Feed feed,
            Duration commitInterval,
            DetectionInterval interval,
            Management management) {
        this.feed = feed;
        ModelPack pack = pipeline.pack();
        KafkaConnection kafka = servers.kafka();
        int partitions = servers.partitions();
        matcher = new Matcher(
                new MatcherSettings(kafka, partitions, servers.database(), pack.id(), thresholds), management);
        tracker = new TrackerStreams(
                TrackerSettings.of(kafka, data.streams())
                        .withPartitions(partitions)
                        .withCommitInterval(commitInterval),
                management);
        worker = new InferenceWorker(
                WorkerSettings.of(kafka).withMaxBatch(pipeline.framesAtOnce()).withInterval(interval),
                pipeline,
                management);
        workerThread = new Thread(() -> guard(worker::run), "inference-worker");
        producerThread = new Thread(() -> guard(feed::run), "frame-producer");
    }

    /** Starts them, the last in the flow first. */
    void start() {
        matcher.onFailure(this::fail);
        tracker.onFailure(this::fail);
        matcher.start();
        tracker.start();
        workerThread.start();
        producerThread.start();
    }

    private void guard(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        if (!closing && failure.compareAndSet(null, cause)) {
            log.error("a service has failed", cause);
        }
    }

    /** Why the run cannot go on, if so. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops them, the first in the flow first, so that each can finish what it has begun. */
    @Override
    public void close() {
        closing = true;
        close("frame-producer", feed);
        join(producerThread);
        close("inference-worker", worker);
        join(workerThread);
        close("tracker-streams", tracker);
        close("matcher", matcher);
    }

    private static void close(String name, AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            log.warn("the {} did not stop in order", name, e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
