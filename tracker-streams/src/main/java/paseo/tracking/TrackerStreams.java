package paseo.tracking;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Topics;
import paseo.operations.Management;

/**
 * The tracker as a service: reads {@code detections}, writes {@code sequences}, exactly once.
 *
 * <p>Any number of instances share the partitions. A killed one leaves nothing half-done: its transaction is aborted,
 * and whoever takes over goes on from the state of the last committed one.
 */
public final class TrackerStreams implements AutoCloseable {
    /** Consumer group and prefix of the state's topics. */
    public static final String APPLICATION = Topics.TRACKER_GROUP;

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(20);
    private static final int SESSION_TIMEOUT = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(TrackerStreams.class);

    private final KafkaStreams streams;
    private final List<Consumer<Throwable>> failureListeners = new CopyOnWriteArrayList<>();

    /**
     * A service that does not run yet.
     *
     * @param settings topics must exist, see {@link Topics#prepare}
     * @param meters for {@code paseo.sequences.*} and {@code paseo.detections.*}
     */
    public TrackerStreams(TrackerSettings settings, MeterRegistry meters) {
        this(settings, Management.silent(meters));
    }

    /** The same, which also says how it is. */
    public TrackerStreams(TrackerSettings settings, Management management) {
        streams = new KafkaStreams(
                TrackerTopology.build(settings.parameters(), management.meters(), management.health()),
                new StreamsConfig(configuration(settings, management.meters())));
        streams.setUncaughtExceptionHandler(this::fail);
        management.bind(new KafkaStreamsMetrics(streams));
        management.health().needs("detections", this::missing);
    }

    static Map<String, Object> configuration(TrackerSettings settings, MeterRegistry meters) {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        configuration.put(
                StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        configuration.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        configuration.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        configuration.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        // The topology may still change between versions, which the newer protocol does not allow in one group.
        configuration.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        configuration.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipPoison.class);
        configuration.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, SkipPoison.class);
        configuration.put(SkipPoison.METERS, meters);
        configuration.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemory.class);
        // As many copies of the state as the cluster's default asks for: one in a standalone broker.
        configuration.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        configuration.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                Topics.deadLettersOf(Topics.DETECTIONS).maxMessageBytes());
        // After a kill -9 the next start waits for the dead member this long; the default is 45 s.
        configuration.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT);
        configuration.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                Topics.DETECTIONS.maxMessageBytes());
        return settings.kafka().streams(configuration);
    }

    /** Starts in the background; running after some seconds. */
    public void start() {
        LOG.info("tracking: {} -> {}", Topics.DETECTIONS.name(), Topics.SEQUENCES.name());
        streams.start();
    }

    private Optional<String> missing() {
        return running()
                ? Optional.empty()
                : Optional.of("Kafka Streams is " + streams.state().name().toLowerCase(Locale.ROOT));
    }

    /** Whether it reads and writes now; not while it starts, rebalances, or has failed. */
    public boolean running() {
        return streams.state() == State.RUNNING;
    }

    /** Calls the listener, on any thread, when the service has stopped for good by a failure. */
    public void onFailure(Consumer<Throwable> listener) {
        failureListeners.add(listener);
    }

    /** Stops and leaves the group, so that whoever comes next need not wait for this one to time out. Idempotent. */
    @Override
    public void close() {
        boolean closed = streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_DEADLINE));
        if (!closed) {
            LOG.warn("the tracker did not stop within {} s", CLOSE_DEADLINE.toSeconds());
        }
    }

    private StreamThreadExceptionResponse fail(Throwable failure) {
        LOG.error("the tracker has failed", failure);
        failureListeners.forEach(listener -> listener.accept(failure));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
