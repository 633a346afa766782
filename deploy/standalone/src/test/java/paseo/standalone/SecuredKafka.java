package paseo.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/**
 * A broker that only speaks TLS, asks who one is (SASL/PLAIN) and lets nobody do more than
 * {@code deploy/kafka/acls.txt} says. Topics are there.
 */
final class SecuredKafka implements AutoCloseable {
    static final List<String> SERVICES = List.of("frame-producer", "inference-worker", "tracker-streams", "matcher");

    private static final String STORE_PASSWORD = "changeit";

    private final EmbeddedKafka kafka;
    private final Path trustStore;

    private SecuredKafka(EmbeddedKafka kafka, Path trustStore) {
        this.kafka = kafka;
        this.trustStore = trustStore;
    }

    static SecuredKafka start(Path directory, Path rules)
            throws IOException, InterruptedException, EmbeddedFailure, ExecutionException {
        Path store = certificate(directory);
        SecuredKafka secured = new SecuredKafka(EmbeddedKafka.start(directory.resolve("kafka"), broker(store)), store);
        try (Admin admin = Admin.create(secured.as("admin").admin(Map.of()))) {
            Topics.prepare(admin, 2);
            admin.createAcls(acls(rules)).all().get();
        }
        return secured;
    }

    private static Map<String, String> broker(Path store) {
        String users = Stream.concat(Stream.of("admin"), SERVICES.stream())
                .map(user -> " user_" + user + "=\"" + password(user) + "\"")
                .collect(Collectors.joining());
        String jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\""
                + password("admin") + "\"" + users + ";";
        return Map.ofEntries(
                Map.entry("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL"),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                Map.entry("listener.name.plaintext.plain.sasl.jaas.config", jaas),
                Map.entry("ssl.keystore.location", store.toString()),
                Map.entry("ssl.keystore.password", STORE_PASSWORD),
                Map.entry("ssl.truststore.location", store.toString()),
                Map.entry("ssl.truststore.password", STORE_PASSWORD),
                Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                // The controller's listener is the broker's own and asks nobody.
                Map.entry("super.users", "User:admin;User:ANONYMOUS"));
    }

    /** A certificate that signs itself, made by the JDK's own tool. */
    private static Path certificate(Path directory) throws IOException, InterruptedException {
        Path store = directory.resolve("broker.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=broker",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        STORE_PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
        return store;
    }

    private static List<AclBinding> acls(Path rules) throws IOException {
        List<AclBinding> acls = new ArrayList<>();
        for (String line : Files.readAllLines(rules)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] rule = line.trim().split(" +", -1);
            boolean prefix = rule[2].length() > 1 && rule[2].endsWith("*");
            ResourcePattern pattern = new ResourcePattern(
                    ResourceType.fromString(rule[1].replace('-', '_')),
                    prefix ? rule[2].substring(0, rule[2].length() - 1) : rule[2],
                    prefix ? PatternType.PREFIXED : PatternType.LITERAL);
            for (String operation : rule[3].split(",", -1)) {
                acls.add(new AclBinding(
                        pattern,
                        new AccessControlEntry(
                                "User:" + rule[0],
                                "*",
                                AclOperation.fromString(operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_")),
                                AclPermissionType.ALLOW)));
            }
        }
        return acls;
    }

    /** Nobody else has it, so that a leak would be found. */
    static String password(String user) {
        return "canary-" + user + "-secret";
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Settings of a client that is this user. */
    Map<String, String> settings(String user) {
        return new TreeMap<>(Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password(user) + "\";",
                "ssl.truststore.location",
                trustStore.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD));
    }

    KafkaConnection as(String user) {
        return KafkaConnection.of(bootstrapServers()).with(settings(user));
    }

    @Override
    public void close() {
        kafka.close();
    }
}
