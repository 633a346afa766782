package paseo.evaluation.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import paseo.events.Topics;

/** Three brokers that are each a controller, too, with every partition on all of them: as a small deployment has it. */
final class ThreeBrokers implements Brokers {
    private static final int COUNT = 3;
    private static final String LARGEST_RECORD = Integer.toString(17 << 20);

    private final Map<Integer, BrokerProcess> running = new HashMap<>();
    private final int[] ports = new int[COUNT];
    private final int[] controllerPorts = new int[COUNT];
    private Path directory = Path.of("");
    private @Nullable Integer stopped;

    @Override
    public String start(Path empty) throws IOException {
        close();
        directory = empty;
        pickPorts();
        String cluster = Uuid.randomUuid().toString();
        for (int i = 0; i < COUNT; i++) {
            format(i, cluster);
        }
        // All first: each waits for a majority of controllers.
        for (int i = 0; i < COUNT; i++) {
            running.put(i, BrokerProcess.configured(settingsFile(i)));
        }
        for (BrokerProcess broker : running.values()) {
            broker.listens();
        }
        return bootstrapServers();
    }

    private void pickPorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * COUNT; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            for (int i = 0; i < COUNT; i++) {
                ports[i] = held.get(2 * i).getLocalPort();
                controllerPorts[i] = held.get(2 * i + 1).getLocalPort();
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private String bootstrapServers() {
        return IntStream.of(ports).mapToObj(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    private Path logs(int broker) {
        return directory.resolve("broker-" + broker);
    }

    private void format(int broker, String cluster) throws IOException {
        Files.createDirectories(logs(broker));
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(broker + 1)
                    .setClusterId(cluster)
                    .setDirectories(List.of(logs(broker).toString()))
                    .setMetadataLogDirectory(logs(broker).toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Path settingsFile(int broker) throws IOException {
        Path file = directory.resolve("broker-" + broker + ".properties");
        try (Writer text = Files.newBufferedWriter(file)) {
            settings(broker).store(text, null);
        }
        return file;
    }

    private Properties settings(int broker) {
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(broker + 1));
        settings.put(
                "controller.quorum.voters",
                IntStream.range(0, COUNT)
                        .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllerPorts[i])
                        .collect(Collectors.joining(",")));
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + ports[broker] + ",CONTROLLER://127.0.0.1:" + controllerPorts[broker]);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports[broker]);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", logs(broker).toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", Integer.toString(COUNT));
        settings.put("min.insync.replicas", "2");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", Integer.toString(COUNT));
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("share.coordinator.state.topic.min.isr", "2");
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("group.consumer.min.session.timeout.ms", "6000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "200");
        settings.put("group.consumer.heartbeat.interval.ms", "500");
        settings.put("group.consumer.assignment.interval.ms", "0");
        settings.put("message.max.bytes", LARGEST_RECORD);
        settings.put("replica.fetch.max.bytes", LARGEST_RECORD);
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        return settings;
    }

    @Override
    public void stopOne() throws IOException {
        takeLeader().stop();
    }

    @Override
    public void killOne() throws IOException {
        takeLeader().kill();
    }

    private BrokerProcess takeLeader() throws IOException {
        int leader = leader();
        stopped = leader;
        return Objects.requireNonNull(running.remove(leader));
    }

    private int leader() throws IOException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            return admin.describeTopics(List.of(Topics.FRAMES.name()))
                            .allTopicNames()
                            .get()
                            .values()
                            .iterator()
                            .next()
                            .partitions()
                            .get(0)
                            .leader()
                            .id()
                    - 1;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void startAgain() throws IOException {
        if (stopped != null) {
            BrokerProcess broker = BrokerProcess.configured(settingsFile(stopped));
            running.put(stopped, broker);
            broker.listens();
            stopped = null;
        }
    }

    @Override
    public boolean answersWithoutOne() {
        return true;
    }

    /** At once: the last ones could not hand over to anybody and would wait for it. */
    @Override
    public void close() throws IOException {
        for (BrokerProcess broker : running.values()) {
            broker.kill();
        }
        running.clear();
    }
}
