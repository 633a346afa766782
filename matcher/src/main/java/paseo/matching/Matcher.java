package paseo.matching;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.Management;

/**
 * Stores what the workers saw, decides whose each sequence is, and publishes sightings. Three threads: faces in,
 * sequences in, sightings out. Any number of matchers share the partitions of one Kafka and one PostgreSQL.
 */
public final class Matcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Matcher.class);

    private static final String FACES_GROUP = "paseo-matcher-faces";
    private static final String SEQUENCES_GROUP = "paseo-matcher-sequences";
    private static final int KAFKA_MILLIS = 12_000;
    private static final long STOP_SECONDS = 20;

    private final MatcherSettings settings;
    private final MeterRegistry registry;
    private final Management management;
    private final List<Runnable> stops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private @Nullable Database database;
    private volatile boolean started;
    private volatile boolean closed;
    private volatile Consumer<Throwable> listener = fault -> log.debug("nobody listens for faults", fault);

    /** A matcher that does nothing yet. */
    public Matcher(MatcherSettings settings, MeterRegistry registry) {
        this(settings, Management.silent(registry));
    }

    /** The same, which also says how it is. */
    public Matcher(MatcherSettings settings, Management management) {
        this.settings = settings;
        this.registry = management.meters();
        this.management = management;
        management.health().needs("postgres", () -> Optional.of("not connected yet"));
    }

    /**
     * Prepares topics and tables and begins to work in the background.
     *
     * @throws UnusableDatabaseException if the database cannot be reached or used
     * @throws paseo.events.TopicMismatchException if an existing topic does not fit
     * @throws KafkaException if Kafka cannot be reached
     */
    public synchronized void start() {
        if (started || closed) {
            throw new IllegalStateException("a matcher is started once");
        }
        Map<String, TopicDescription> topics = prepareTopics();
        Database opened = Database.open(settings.database(), registry);
        database = opened;
        management.health().needs("postgres", opened::missing);
        management.health().needs("keys", opened.keys().database()::missing);
        GalleryFill filling = new GalleryFill(opened);
        management.health().needs("gallery", filling::missing);
        stops.add(filling::stop);
        threads.add(thread("paseo-matcher-filling", filling));
        Publisher publisher = new Publisher(settings.kafka(), opened, management);
        stops.add(publisher::stop);
        threads.add(thread("paseo-matcher-publisher", publisher));
        add(opened, topics, Topics.DETECTIONS, FACES_GROUP, new FaceStore(opened.keys(), registry, publisher::wake));
        GalleryMemory memory = new GalleryMemory(settings.modelPack());
        SequenceStore sequences = new SequenceStore(settings, memory, opened.keys(), registry, publisher::wake);
        prepare(opened, sequences);
        add(opened, topics, Topics.SEQUENCES, SEQUENCES_GROUP, sequences);
        Retention retention = new Retention(opened, settings.retention(), registry);
        stops.add(retention::stop);
        threads.add(thread("paseo-matcher-retention", retention));
        Purger purger = new Purger(settings.kafka(), opened, registry);
        stops.add(purger::stop);
        threads.add(thread("paseo-matcher-purge", purger));
        GalleryKeeper keeper = new GalleryKeeper(opened, memory, registry);
        stops.add(keeper::stop);
        threads.add(thread("paseo-matcher-gallery", keeper));
        started = true;
        threads.forEach(Thread::start);
    }

    private void prepare(Database opened, SequenceStore sequences) {
        try {
            sequences.prepare(opened);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e),
                    "cannot prepare the gallery in " + settings.database().address() + ": " + e.getMessage(),
                    e);
        }
    }

    private <T> void add(
            Database opened,
            Map<String, TopicDescription> topics,
            Topic<T> topic,
            String group,
            TopicHandler<T> handler) {
        Uuid id = Optional.ofNullable(topics.get(topic.name())).orElseThrow().topicId();
        UUID topicId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
        TopicReader<T> reader = new TopicReader<>(topic, topicId, group, settings.kafka(), handler, opened, management);
        stops.add(reader::stop);
        threads.add(thread(group, reader));
    }

    private Map<String, TopicDescription> prepareTopics() {
        Map<String, Object> config = Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_MILLIS);
        try (Admin admin = Admin.create(settings.kafka().admin(config))) {
            Topics.prepare(admin, settings.partitions());
            return admin.describeTopics(List.of(Topics.DETECTIONS.name(), Topics.SEQUENCES.name()))
                    .allTopicNames()
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("cannot describe the topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while describing the topics", e);
        }
    }

    private Thread thread(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setUncaughtExceptionHandler((where, fault) -> fail(fault));
        return thread;
    }

    private void fail(Throwable fault) {
        if (closed) {
            log.debug("failed while closing", fault);
        } else if (failed.compareAndSet(false, true)) {
            log.error("the matcher stops: {}", fault.getMessage(), fault);
            stops.forEach(Runnable::run);
            listener.accept(fault);
        }
    }

    /** Whether it was started, was not closed, and has not failed. */
    public boolean running() {
        return started && !closed && !failed.get();
    }

    /**
     * Who is told, once, when the matcher has failed and stops working. The listener runs on a thread of the matcher
     * and must not call {@link #close()} there.
     */
    public void onFailure(Consumer<Throwable> listener) {
        this.listener = listener;
    }

    /** Stops after the running transactions; what is not stored yet is read again by the next matcher. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stops.forEach(Runnable::run);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Thread thread : threads) {
            join(thread, deadline);
        }
        if (database != null) {
            database.close();
        }
    }

    private static void join(Thread thread, long deadline) {
        try {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            thread.join(Math.max(1, millis));
            if (thread.isAlive()) {
                log.warn("{} does not stop in time and is interrupted", thread.getName());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
