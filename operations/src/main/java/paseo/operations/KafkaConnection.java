package paseo.operations;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Where Kafka is and how its operator wants it to be spoken to: the settings of Kafka's own clients, such as
 * {@code security.protocol}, pass through unchanged. What the guarantees of Paseo rest on cannot be changed, and a name
 * that no client knows is refused: a misspelt setting of security must not be ignored.
 */
public final class KafkaConnection {
    private static final String GROUPS = "Paseo's groups and their offsets are what makes a record count once";
    private static final String STORED = "a record must be stored by all replicas, once and in order";
    private static final String FRESH = "it bounds how old a live picture can become";
    private static final String CONTRACT = "it belongs to the contract of the topics";

    /** Settings that are Paseo's, with the reason. */
    private static final Map<String, String> OURS = ours();

    /** What Kafka Streams knows beyond its clients, and does not touch what is exactly once. */
    private static final Set<String> STREAMS = Set.of(
            "acceptable.recovery.lag",
            "commit.interval.ms",
            "max.warmup.replicas",
            "num.standby.replicas",
            "probing.rebalance.interval.ms",
            "replication.factor");

    private static final String PROVIDERS = "config.providers";

    private final String bootstrapServers;
    private final Map<String, String> settings;

    private KafkaConnection(String bootstrapServers, Map<String, String> settings) {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("Kafka's address is missing");
        }
        this.bootstrapServers = bootstrapServers;
        this.settings = settings;
    }

    private static Map<String, String> ours() {
        Map<String, String> ours = new HashMap<>();
        for (String name : new String[] {
            "group.id",
            "group.protocol",
            "group.instance.id",
            "group.remote.assignor",
            "partition.assignment.strategy",
            "enable.auto.commit",
            "auto.commit.interval.ms",
            "auto.offset.reset",
            "isolation.level",
            "max.poll.records",
            "application.id",
            "processing.guarantee"
        }) {
            ours.put(name, GROUPS);
        }
        for (String name : new String[] {
            "acks",
            "enable.idempotence",
            "retries",
            "max.in.flight.requests.per.connection",
            "transactional.id",
            "transaction.two.phase.commit.enable"
        }) {
            ours.put(name, STORED);
        }
        for (String name : new String[] {"delivery.timeout.ms", "linger.ms", "max.block.ms", "request.timeout.ms"}) {
            ours.put(name, FRESH);
        }
        for (String name : new String[] {
            "allow.auto.create.topics",
            "key.deserializer",
            "key.serializer",
            "max.request.size",
            "partitioner.class",
            "partitioner.ignore.keys",
            "value.deserializer",
            "value.serializer"
        }) {
            ours.put(name, CONTRACT);
        }
        ours.put("bootstrap.servers", "the servers are named by --kafka or PASEO_KAFKA_BOOTSTRAP_SERVERS");
        return Map.copyOf(ours);
    }

    /**
     * A Kafka without security.
     *
     * @param bootstrapServers {@code HOST:PORT,...}
     */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /**
     * The same Kafka, spoken to in another way.
     *
     * @param changes of the clients' settings, in Kafka's names
     * @throws IllegalArgumentException if one is Paseo's own or none of Kafka's; its message has no values
     */
    public KafkaConnection with(Map<String, String> changes) {
        changes.keySet().forEach(KafkaConnection::check);
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(changes);
        return new KafkaConnection(bootstrapServers, Map.copyOf(all));
    }

    private static void check(String name) {
        String reason = OURS.get(name);
        if (reason != null) {
            throw new IllegalArgumentException("Kafka's setting " + name + " cannot be changed: " + reason);
        }
        if (!known(name)) {
            throw new IllegalArgumentException(
                    "Kafka's clients have no setting " + name + " (Kafka's documentation lists them)");
        }
    }

    private static boolean known(String name) {
        return provider(name)
                || STREAMS.contains(name)
                || ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }

    /** Kafka's way to keep secrets in files: {@code ${file:/run/secrets/kafka:password}}. */
    private static boolean provider(String name) {
        return name.equals(PROVIDERS) || name.startsWith(PROVIDERS + ".");
    }

    /** {@code HOST:PORT,...} */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Settings of an admin client: the service's own, and over them the operator's. */
    public Map<String, Object> admin(Map<String, ?> own) {
        return merged(own, AdminClientConfig.configNames());
    }

    /** Settings of a consumer, likewise. */
    public Map<String, Object> consumer(Map<String, ?> own) {
        return merged(own, ConsumerConfig.configNames());
    }

    /** Settings of a producer, likewise. */
    public Map<String, Object> producer(Map<String, ?> own) {
        return merged(own, ProducerConfig.configNames());
    }

    /** Settings of Kafka Streams, likewise, which hands them to the clients that it makes. */
    public Map<String, Object> streams(Map<String, ?> own) {
        return merged(own, settings.keySet());
    }

    /** Each client gets what it knows: it would warn of the rest. */
    private Map<String, Object> merged(Map<String, ?> own, Set<String> names) {
        Map<String, Object> merged = new LinkedHashMap<>(own);
        settings.forEach((name, value) -> {
            if (names.contains(name) || provider(name)) {
                merged.put(name, value);
            }
        });
        merged.put("bootstrap.servers", bootstrapServers);
        return merged;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KafkaConnection that
                && bootstrapServers.equals(that.bootstrapServers)
                && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return bootstrapServers.hashCode() + 31 * settings.hashCode();
    }

    /** The names only: among the values are passwords. */
    @Override
    public String toString() {
        return settings.isEmpty() ? bootstrapServers : bootstrapServers + " with " + new TreeSet<>(settings.keySet());
    }
}
