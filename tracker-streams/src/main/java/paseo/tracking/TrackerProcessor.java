package paseo.tracking;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Detections;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;
import paseo.operations.Health;
import paseo.operations.TraceParent;

/**
 * Gives each record to its camera's {@link CameraSessions}, saves them, and sends on what became known. State, events
 * and consumed offset are committed in one transaction, so each has its effect exactly once.
 */
final class TrackerProcessor implements Processor<String, Detections, String, Routed> {
    /** Even heartbeats of a live camera have stopped for about this long. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_AROUND = Duration.ofSeconds(5);
    private static final long SILENT_LOOKS = SILENCE.dividedBy(LOOK_AROUND);
    private static final Logger LOG = LoggerFactory.getLogger(TrackerProcessor.class);

    private final TrackerParameters parameters;
    private final MeterRegistry meters;
    private final Health health;
    private final Counter duplicates;
    /** By camera: looks since it was heard, or since this task began here. */
    private final Map<String, Integer> quietLooks = new HashMap<>();

    private @Nullable ProcessorContext<String, Routed> context;
    private @Nullable SessionStore sessions;
    private Health.@Nullable Loop loop;
    private @Nullable Cancellable looks;

    TrackerProcessor(TrackerParameters parameters, MeterRegistry meters, Health health) {
        this.parameters = parameters;
        this.meters = meters;
        this.health = health;
        this.duplicates = meters.counter("paseo.detections.duplicate");
    }

    @Override
    public void init(ProcessorContext<String, Routed> streams) {
        context = streams;
        loop = health.loop("tracker-" + streams.taskId());
        sessions = new SessionStore(streams.getStateStore(TrackerTopology.STORE), parameters);
        quietLooks.clear();
        sessions.cameras().forEach(camera -> quietLooks.put(camera, 0));
        stopLooking();
        looks = streams.schedule(LOOK_AROUND, PunctuationType.WALL_CLOCK_TIME, this::closeSilent);
    }

    @Override
    public void close() {
        stopLooking();
    }

    /** A task that Kafka Streams revives keeps what it had scheduled: each look would count twice, then three times. */
    private void stopLooking() {
        if (looks != null) {
            looks.cancel();
            looks = null;
        }
    }

    @Override
    public void process(Record<String, Detections> record) {
        Health.Loop work = initialised(loop);
        work.works();
        try {
            follow(record);
        } finally {
            work.waits();
        }
    }

    private void follow(Record<String, Detections> record) {
        ProcessorContext<String, Routed> streams = initialised(context);
        SessionStore store = initialised(sessions);
        Detections detections = record.value();
        String camera = detections.reference().camera();
        try {
            var outcome = store.get(camera).accept(detections, record.timestamp() * 1_000);
            if (!(outcome instanceof CameraSessions.Outcome.Refused)) {
                quietLooks.put(camera, 0);
            }
            if (outcome instanceof CameraSessions.Outcome.Accepted accepted) {
                store.save(camera);
                forward(streams, accepted.events(), record.timestamp());
            } else if (outcome instanceof CameraSessions.Outcome.Duplicate) {
                duplicates.increment();
            } else {
                throw new ImpossibleTimeException(detections.reference().captureTimeMicros());
            }
        } catch (RuntimeException e) {
            store.forget(camera);
            throw e;
        }
    }

    /**
     * Looks are counted and not time: a clock that is set forward, or a process that stood still, makes one look of
     * many. Files are never closed by the clock on the wall: their result must not depend on how fast they are read.
     */
    private void closeSilent(long nowMillis) {
        SessionStore store = initialised(sessions);
        quietLooks.replaceAll((camera, looks) -> looks + 1);
        quietLooks.forEach((camera, looks) -> {
            if (looks >= SILENT_LOOKS && store.get(camera).waiting()) {
                LOG.atWarn()
                        .addKeyValue("camera", camera)
                        .log(
                                "camera {} has been silent for some {} s: its open sequences are closed",
                                camera,
                                SILENCE.toSeconds());
                List<SequenceEvent> events = store.get(camera).silent();
                store.save(camera);
                forward(initialised(context), events, nowMillis);
            }
        });
    }

    private void forward(ProcessorContext<String, Routed> streams, List<SequenceEvent> events, long timestamp) {
        int partition = streams.taskId().partition();
        for (SequenceEvent event : events) {
            Headers headers = new RecordHeaders();
            if (event instanceof Sequence sequence) {
                TraceParent.ofId(headers, "tracking", sequence.id());
            }
            streams.forward(new Record<>(event.camera(), new Routed(partition, event), timestamp, headers));
            count(event);
        }
    }

    private void count(SequenceEvent event) {
        if (event instanceof Sequence sequence && sequence.phase() == Phase.OPENED) {
            meters.counter("paseo.sequences.opened").increment();
        } else if (event instanceof Sequence sequence && sequence.closeReason() != null) {
            meters.counter("paseo.sequences.closed", "reason", tag(sequence.closeReason()))
                    .increment();
        }
    }

    private static String tag(CloseReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static <T> T initialised(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        return value;
    }
}
