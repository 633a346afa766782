package paseo.embedded;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The broker's configuration: one node that is broker and controller, on loopback, sized for a laptop. */
final class KafkaSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** A record of 16 MiB (a frame) with its key, headers and the batch around it. */
    private static final int MAX_MESSAGE_BYTES = 17 << 20;

    private KafkaSettings() {}

    /**
     * Returns the complete configuration.
     *
     * @param log where the broker keeps its partitions and metadata
     * @param port what clients connect to, on 127.0.0.1
     * @param controllerPort what the broker's half connects to, on 127.0.0.1; may differ from one start to the next
     */
    static Map<String, String> of(Path log, int port, int controllerPort) {
        Map<String, String> settings = new LinkedHashMap<>();
        address(settings, log, port, controllerPort);
        oneReplica(settings);
        restartQuickly(settings);
        groupsQuickly(settings);
        sizes(settings);
        return settings;
    }

    private static void address(Map<String, String> settings, Path log, int port, int controllerPort) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER_LISTENER + "://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", log.toString());
        settings.put("auto.create.topics.enable", "false");
    }

    /** Kafka's internal topics ask for three brokers and fifty partitions each unless told otherwise. */
    private static void oneReplica(Map<String, String> settings) {
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // A data directory may rest for months between two videos; what was read must not be read again then.
        settings.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE / 2));
    }

    /** After a kill the node waits for its own former registration and for transactions nobody will end. */
    private static void restartQuickly(Map<String, String> settings) {
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("num.recovery.threads.per.data.dir", "2");
    }

    /** The defaults wait seconds for a fleet to gather; here every member is in this process. */
    private static void groupsQuickly(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        for (String kind : new String[] {"consumer", "streams", "share"}) {
            settings.put("group." + kind + ".min.session.timeout.ms", "6000");
            settings.put("group." + kind + ".session.timeout.ms", "6000");
            settings.put("group." + kind + ".min.heartbeat.interval.ms", "200");
            settings.put("group." + kind + ".heartbeat.interval.ms", "500");
            settings.put("group." + kind + ".assignment.interval.ms", "0");
        }
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        settings.put("group.share.initialize.retry.interval.ms", "1000");
    }

    private static void sizes(Map<String, String> settings) {
        settings.put("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        settings.put("log.segment.bytes", Integer.toString(64 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        // Frames are much and short-lived: at the default of five minutes they outgrow their retention by far.
        settings.put("log.retention.check.interval.ms", "10000");
        settings.put("log.segment.delete.delay.ms", "5000");
        // The cleaner takes this from the heap at start, 128 MiB by default.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("metadata.max.idle.interval.ms", "5000");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
    }
}
