package paseo.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of the contract, and the one place that creates and checks them.
 *
 * <p>{@link #CAMERAS}, {@link #FRAMES}, {@link #DETECTIONS} and {@link #SEQUENCES} have the same number of partitions,
 * and a record keeps the partition number of the frame it comes from: that is what keeps a camera's order from end to
 * end.
 */
public final class Topics {
    private static final int MIB = 1 << 20;
    private static final int DEAD_LETTER_HEADERS = 64 << 10;
    /** So that faces are gone soon after their time, and what was said of cameras is compacted. */
    private static final Duration SHORT_SEGMENT = Duration.ofHours(1);
    /** For a month: each segment has two indices mapped into the broker's memory, and Linux gives 65,530 maps. */
    private static final Duration LONG_SEGMENT = Duration.ofDays(1);

    /** What to watch: the latest word on each camera, for ever. */
    public static final Topic<Camera> CAMERAS =
            new Topic<>("cameras", new CameraCodec(), true, Duration.ofDays(1), SHORT_SEGMENT, -1, MIB);

    /**
     * Pictures live for an hour and at most 512 MiB per partition: the producer of a file stays far inside (it waits
     * for the workers), a camera's old frames are worthless anyway.
     */
    public static final Topic<Frame> FRAMES =
            new Topic<>("frames", new FrameCodec(), Duration.ofHours(1), SHORT_SEGMENT, 512L * MIB, 16 * MIB);

    /** Embeddings are personal data: a week is enough to replay what the database lost. */
    public static final Topic<Detections> DETECTIONS =
            new Topic<>("detections", new DetectionsCodec(), Duration.ofDays(7), SHORT_SEGMENT, -1, 16 * MIB);

    /** As long as {@link #DETECTIONS}, for the same reason. */
    public static final Topic<SequenceEvent> SEQUENCES =
            new Topic<>("sequences", new SequenceCodec(), Duration.ofDays(7), SHORT_SEGMENT, -1, 16 * MIB);

    /** Carries no biometric data; a month of history for readers that come late. */
    public static final Topic<Sighting> SIGHTINGS =
            new Topic<>("sightings", new SightingCodec(), Duration.ofDays(30), LONG_SEGMENT, -1, MIB);

    /** As {@link #SIGHTINGS}, which it brings up to date. */
    public static final Topic<PersonEvent> PERSONS =
            new Topic<>("persons", new PersonEventCodec(), Duration.ofDays(30), LONG_SEGMENT, -1, MIB);

    private static final Map<Topic<?>, Topic<DeadLetter>> DEAD_LETTERS =
            Map.of(FRAMES, deadLetters(FRAMES), DETECTIONS, deadLetters(DETECTIONS), SEQUENCES, deadLetters(SEQUENCES));

    /** Consumer group of the inference workers. The frame producer watches its lag; what they took may be deleted. */
    public static final String INFERENCE_GROUP = "paseo-inference-worker";

    /** Consumer group of the trackers. What they have taken of {@link #DETECTIONS} may be deleted. */
    public static final String TRACKER_GROUP = "paseo-tracker";

    /** Consumer group of the frame producers over {@link #CAMERAS}: who has a partition watches its cameras. */
    public static final String CAMERA_GROUP = "paseo-frame-producer";

    private static final List<Topic<?>> ALL = List.of(
            CAMERAS,
            FRAMES,
            DETECTIONS,
            SEQUENCES,
            SIGHTINGS,
            PERSONS,
            deadLettersOf(FRAMES),
            deadLettersOf(DETECTIONS),
            deadLettersOf(SEQUENCES));

    private static final Duration METADATA_DEADLINE = Duration.ofSeconds(30);

    private Topics() {}

    /** As personal as what they come from, and gone as soon. Around each value go headers. */
    private static Topic<DeadLetter> deadLetters(Topic<?> source) {
        return new Topic<>(
                source.name() + "-dead-letters",
                new DeadLetterCodec(),
                source.retention(),
                source.longestSegment(),
                source.retentionBytesPerPartition(),
                source.maxMessageBytes() + DEAD_LETTER_HEADERS);
    }

    /**
     * Where records of a topic go that cannot be used.
     *
     * @throws IllegalArgumentException if nobody sets records of that topic aside
     */
    public static Topic<DeadLetter> deadLettersOf(Topic<?> source) {
        Topic<DeadLetter> topic = DEAD_LETTERS.get(source);
        if (topic == null) {
            throw new IllegalArgumentException("there are no dead letters of " + source.name());
        }
        return topic;
    }

    /** All topics, in the order of the data flow. */
    public static List<Topic<?>> all() {
        return ALL;
    }

    /** Those with pictures or embeddings of faces, in the order of the data flow, each before its dead letters. */
    public static List<Topic<?>> withFaces() {
        return Stream.of(FRAMES, DETECTIONS, SEQUENCES)
                .<Topic<?>>flatMap(topic -> Stream.of(topic, deadLettersOf(topic)))
                .toList();
    }

    /** The topic of that name. */
    public static Optional<Topic<?>> named(String name) {
        return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    /**
     * Creates the topics that are missing and checks those that exist. Idempotent; safe to call from many processes at
     * once.
     *
     * @param partitions of each topic that is created, where none was there
     * @return number of partitions of the topics as they are
     * @throws TopicMismatchException if an existing topic does not fit the contract; its message says what to change
     * @throws KafkaException if the cluster cannot be reached or refuses
     */
    public static int prepare(Admin admin, int partitions) {
        try {
            Collection<String> existing = createMissing(admin, partitions);
            List<String> faults = new ArrayList<>();
            Map<String, Integer> counts = partitionCounts(admin);
            awaitLeaders(admin, counts);
            int actual = counts.getOrDefault(FRAMES.name(), 0);
            for (Topic<?> topic : List.of(CAMERAS, DETECTIONS, SEQUENCES)) {
                int count = counts.getOrDefault(topic.name(), 0);
                if (count != actual) {
                    faults.add("topic " + topic.name() + " has " + count + " partitions where " + FRAMES.name()
                            + " has " + actual + ": give them the same number");
                }
            }
            checkSettings(admin, existing, faults);
            if (!faults.isEmpty()) {
                throw new TopicMismatchException(String.join("; ", faults));
            }
            return actual;
        } catch (ExecutionException e) {
            throw new KafkaException("cannot prepare the topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while preparing the topics", e);
        }
    }

    /** Gives the names of the topics that were there before, or that another process has made meanwhile. */
    private static Collection<String> createMissing(Admin admin, int partitions)
            throws InterruptedException, ExecutionException {
        Set<String> existing = new HashSet<>(admin.listTopics().names().get());
        int count = existing.contains(FRAMES.name()) ? partitionCount(admin) : partitions;
        List<NewTopic> missing = ALL.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic ->
                        new NewTopic(topic.name(), Optional.of(count), Optional.empty()).configs(topic.settings()))
                .toList();
        for (var created : admin.createTopics(missing).values().entrySet()) {
            try {
                created.getValue().get();
            } catch (ExecutionException e) {
                // Another process was faster: what it made is checked like any existing topic.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                existing.add(created.getKey());
            }
        }
        return existing;
    }

    /** A topic that an earlier release did not have gets as many as the others. */
    private static int partitionCount(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeTopics(List.of(FRAMES.name())).allTopicNames().get().values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .findFirst()
                .orElseThrow(() -> new KafkaException("Kafka does not describe the topic " + FRAMES.name()));
    }

    private static Map<String, Integer> partitionCounts(Admin admin) throws InterruptedException, ExecutionException {
        Instant deadline = Instant.now().plus(METADATA_DEADLINE);
        while (true) {
            try {
                return admin.describeTopics(names()).allTopicNames().get().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                topic -> topic.getValue().partitions().size()));
            } catch (ExecutionException e) {
                // A broker learns of a new topic a moment after the controller has made it.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || Instant.now().isAfter(deadline)) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /**
     * Waits until the brokers that lead the partitions act on it, which a new topic's do a moment after they have said
     * so. A producer whose first batch is turned away in that moment while its second one is taken can never deliver
     * the first: its number is out of order for ever (KAFKA-15591). A partition that has no leader for now is waited
     * for by whoever needs it.
     */
    private static void awaitLeaders(Admin admin, Map<String, Integer> counts)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        counts.forEach((topic, count) -> IntStream.range(0, count)
                .forEach(partition -> ends.put(new TopicPartition(topic, partition), OffsetSpec.latest())));
        try {
            admin.listOffsets(ends, new ListOffsetsOptions().timeoutMs((int) METADATA_DEADLINE.toMillis()))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
        }
    }

    private static void checkSettings(Admin admin, Collection<String> existing, List<String> faults)
            throws InterruptedException, ExecutionException {
        List<Topic<?>> topics =
                ALL.stream().filter(topic -> existing.contains(topic.name())).toList();
        Map<ConfigResource, Config> configs = admin.describeConfigs(
                        topics.stream().map(Topics::resource).toList())
                .all()
                .get();
        for (Topic<?> topic : topics) {
            Config config = configs.get(resource(topic));
            topic.settings().forEach((name, wanted) -> {
                ConfigEntry entry = config == null ? null : config.get(name);
                String found = entry == null ? "unknown" : entry.value();
                if (!Topic.fits(name, wanted, found)) {
                    faults.add("topic " + topic.name() + " has " + name + "=" + found + ": set it to " + wanted);
                }
            });
        }
    }

    private static ConfigResource resource(Topic<?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static Collection<String> names() {
        return ALL.stream().map(Topic::name).collect(Collectors.toList());
    }
}
