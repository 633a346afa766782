package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import paseo.events.Topic;
import paseo.events.Topics;

/** What can be said of {@code deploy/} without a container engine or a cluster. */
class DeploymentFilesTest {
    private static final Path DEPLOY = Path.of(System.getenv("PASEO_ROOT"), "deploy");
    private static final Pattern VARIABLE = Pattern.compile("\\bPASEO_[A-Z_]+");
    /** Read by the programs themselves, or by the manifest that names them; of the last that is how names begin. */
    private static final Set<String> WITHOUT_OPTION =
            Set.of("PASEO_LOG_FORMAT", "PASEO_HOME", "PASEO_MODELS", "PASEO_POSTGRES_URL", "PASEO_CAMERA_");

    private static final Map<String, Class<?>> MAINS = new TreeMap<>(Map.of(
            "frame-producer", paseo.frames.Main.class,
            "inference-worker", paseo.inference.Main.class,
            "tracker-streams", paseo.tracking.Main.class,
            "matcher", paseo.matching.Main.class));

    @ParameterizedTest
    @ValueSource(strings = {"frame-producer", "inference-worker", "tracker-streams", "matcher"})
    void theEntrypointOfAnImageStartsAsAPlainProcess(String service) throws Exception {
        List<String> entrypoint = entrypoint(service);
        assertThat(entrypoint.get(entrypoint.size() - 1))
                .isEqualTo(Objects.requireNonNull(MAINS.get(service)).getName());
        List<String> command = new ArrayList<>(entrypoint);
        command.set(0, ProcessHandle.current().info().command().orElse("java"));
        command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path"));
        command.add("--help");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(help).isZero();

        Set<String> options = Pattern.compile("--[a-z-]+")
                .matcher(help)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toSet());
        for (List<String> arguments : argumentsOf(service)) {
            assertThat(arguments.stream().filter(argument -> argument.startsWith("--")))
                    .as("options of %s in its manifests and its image", service)
                    .isSubsetOf(options);
        }
        Set<String> documented = new TreeSet<>(WITHOUT_OPTION);
        documented.addAll(variables(help));
        assertThat(variables(Files.readString(DEPLOY.resolve("kubernetes/" + service + ".yaml"))))
                .isSubsetOf(documented);
    }

    @Test
    void everyVariableIsOneThatAServiceReads() throws Exception {
        Set<String> known = new TreeSet<>(WITHOUT_OPTION);
        for (Class<?> main : MAINS.values()) {
            known.addAll(variables(help(main)));
        }
        for (String file :
                List.of("compose/compose.yaml", "images/Dockerfile", "kubernetes/configuration.yaml", "README.md")) {
            assertThat(variables(Files.readString(DEPLOY.resolve(file))))
                    .as(file)
                    .isSubsetOf(known);
        }
    }

    @Test
    void composeHasTheFourServicesAndWhatTheyNeed() throws IOException {
        Map<?, ?> compose =
                (Map<?, ?>) yaml(DEPLOY.resolve("compose/compose.yaml")).get(0);
        Map<?, ?> services = (Map<?, ?>) at(compose, "services");
        assertThat(services.keySet().stream().map(Object::toString))
                .containsAll(MAINS.keySet())
                .contains("kafka", "postgres", "prometheus", "grafana");
        Set<Object> volumes = new HashSet<>(((Map<?, ?>) at(compose, "volumes")).keySet());
        services.forEach((name, value) -> {
            Map<?, ?> service = (Map<?, ?>) value;
            assertThat(service.containsKey("image") || service.containsKey("build"))
                    .as("%s comes from somewhere", name)
                    .isTrue();
            if (MAINS.containsKey(name.toString())) {
                assertThat(service.get("read_only")).isEqualTo(true);
                assertThat(service.get("user")).isEqualTo("10001:10001");
                assertThat(at(service, "build", "target")).isEqualTo(name);
            }
            if (service.get("volumes") instanceof List<?> mounts) {
                mounts.forEach(mount -> checkMount(mount.toString(), volumes));
            }
        });
    }

    /** A container's own files are gone with it. */
    @Test
    void composeKeepsWhatMustOutliveAContainer() throws IOException {
        Map<?, ?> compose =
                (Map<?, ?>) yaml(DEPLOY.resolve("compose/compose.yaml")).get(0);
        Object logs = at(compose, "services", "kafka", "environment", "KAFKA_LOG_DIRS");
        assertThat(strings(at(compose, "services", "kafka", "volumes"))).contains("kafka:" + logs);
        Matcher reports = Pattern.compile("-XX:ErrorFile=([^\"]*)/").matcher(stage("frame-producer"));
        assertThat(reports.find()).isTrue();
        assertThat(strings(at(compose, "services", "frame-producer", "volumes")))
                .contains("frame-producer:" + reports.group(1));
        assertThat(strings(at(compose, "services", "frame-producer", "tmpfs"))).isEmpty();
    }

    private static void checkMount(String mount, Set<Object> volumes) {
        String source = mount.startsWith("${") ? "" : mount.substring(0, mount.indexOf(':'));
        if (source.startsWith(".")) {
            assertThat(DEPLOY.resolve("compose").resolve(source)).exists();
        } else if (!source.isEmpty()) {
            assertThat(volumes).contains(source);
        }
    }

    @Test
    void theVariantOnGraphicsProcessorsDiffersInDeviceAndMemoryOnly() throws IOException {
        assertThat(entrypoint("inference-worker-gpu")).isEqualTo(entrypoint("inference-worker"));
        Map<?, ?> compose =
                (Map<?, ?>) yaml(DEPLOY.resolve("compose/compose.yaml")).get(0);
        Map<?, ?> override =
                (Map<?, ?>) yaml(DEPLOY.resolve("compose/gpu.yaml")).get(0);
        assertThat(at(override, "services", "inference-worker", "build", "target"))
                .isEqualTo("inference-worker-gpu");
        List<String> command = new ArrayList<>(strings(at(compose, "services", "inference-worker", "command")));
        command.addAll(List.of("--device", "cuda"));
        assertThat(strings(at(override, "services", "inference-worker", "command")))
                .isEqualTo(command);

        Map<?, ?> overlay = (Map<?, ?>)
                yaml(DEPLOY.resolve("kubernetes-gpu/kustomization.yaml")).get(0);
        assertThat(strings(at(overlay, "resources"))).containsExactly("../kubernetes");
        Map<?, ?> patch = (Map<?, ?>) ((List<?>) at(overlay, "patches")).get(0);
        assertThat(at(patch, "target", "name")).isEqualTo("inference-worker");
        List<?> operations =
                (List<?>) documents(String.valueOf(patch.get("patch"))).get(0);
        assertThat(operations)
                .extracting(operation -> (Object) ((Map<?, ?>) operation).get("value"))
                .containsExactly("--device", "cuda", 1, "6Gi", "6Gi");
        assertThat(at(override, "services", "inference-worker", "mem_limit")).isEqualTo("6g");
    }

    @Test
    void everyManifestHasWhatItsKindNeeds() throws IOException {
        Path folder = DEPLOY.resolve("kubernetes");
        Map<?, ?> kustomization =
                (Map<?, ?>) yaml(folder.resolve("kustomization.yaml")).get(0);
        Set<String> listed = ((List<?>) at(kustomization, "resources"))
                .stream().map(Object::toString).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("kustomization.yaml")))
                    .as("files that are applied")
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
        Map<String, Map<?, ?>> workloads = new TreeMap<>();
        Set<Object> budgets = new HashSet<>();
        Set<Object> scaled = new HashSet<>();
        boolean denied = false;
        for (String file : listed) {
            for (Object document : yaml(folder.resolve(file))) {
                Map<?, ?> manifest = (Map<?, ?>) document;
                assertThat(manifest.get("apiVersion")).as(file).isInstanceOf(String.class);
                Object name = at(manifest, "metadata", "name");
                assertThat(name).as(file).isInstanceOf(String.class);
                switch (String.valueOf(manifest.get("kind"))) {
                    case "Deployment" -> workloads.put(name.toString(), manifest);
                    case "PodDisruptionBudget" -> {
                        assertThat(at(manifest, "spec", "selector", "matchLabels", "app.kubernetes.io/name"))
                                .isEqualTo(name);
                        budgets.add(name);
                    }
                    case "NetworkPolicy" ->
                        denied |= name.equals("default-deny")
                                && at(manifest, "spec", "podSelector").equals(Map.of())
                                && at(manifest, "spec", "policyTypes").equals(List.of("Ingress", "Egress"));
                    case "ScaledObject" -> scaled.add(at(manifest, "spec", "scaleTargetRef", "name"));
                    default ->
                        assertThat(manifest.get("kind"))
                                .isIn("Namespace", "ConfigMap", "PersistentVolumeClaim", "TriggerAuthentication");
                }
            }
        }
        assertThat(denied).as("a policy that denies everything by default").isTrue();
        assertThat(workloads).containsOnlyKeys(MAINS.keySet());
        assertThat(budgets).isEqualTo(Set.copyOf(MAINS.keySet()));
        workloads.forEach(DeploymentFilesTest::checkWorkload);
        assertThat(scaled).containsExactly("inference-worker");
        assertThat(workloads)
                .allSatisfy((name, manifest) -> assertThat(((Map<?, ?>) at(manifest, "spec")).containsKey("replicas"))
                        .as("%s has a number of replicas, to which applying it would go back", name)
                        .isNotEqualTo(scaled.contains(name)));
    }

    private static void checkWorkload(String name, Map<?, ?> manifest) {
        Map<?, ?> pod = (Map<?, ?>) at(manifest, "spec", "template", "spec");
        assertThat(at(manifest, "spec", "selector", "matchLabels"))
                .isEqualTo(at(manifest, "spec", "template", "metadata", "labels"));
        assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat((Integer) at(pod, "terminationGracePeriodSeconds")).isGreaterThanOrEqualTo(45);
        Map<?, ?> container = (Map<?, ?>) ((List<?>) at(pod, "containers")).get(0);
        assertThat(container.get("image")).isEqualTo("paseo/" + name);
        assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/livez");
        assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/readyz");
        assertThat(at(container, "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(at(container, "resources", "limits", "memory"))
                .isEqualTo(at(container, "resources", "requests", "memory"));
        Set<Object> volumes = ((List<?>) at(pod, "volumes"))
                .stream().map(volume -> at((Map<?, ?>) volume, "name")).collect(Collectors.toSet());
        assertThat(((List<?>) at(container, "volumeMounts"))
                        .stream().map(mount -> at((Map<?, ?>) mount, "name")).collect(Collectors.toSet()))
                .isEqualTo(volumes);
    }

    @Test
    void rightsAreOnTopicsAndGroupsThatExist() throws IOException {
        Set<String> topics = Topics.all().stream().map(Topic::name).collect(Collectors.toSet());
        for (String line : Files.readAllLines(DEPLOY.resolve("kafka/acls.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                List<String> rule = List.of(line.trim().split(" +", -1));
                assertThat(rule).as(line).hasSize(4);
                assertThat(MAINS).containsKey(rule.get(0));
                if (rule.get(1).equals("topic") && !rule.get(2).endsWith("*")) {
                    assertThat(topics).contains(rule.get(2));
                }
            }
        }
    }

    @Test
    void theScriptGivesEveryRightOnce() throws Exception {
        Path script = DEPLOY.resolve("kafka/create-acls.sh");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString(), "--bootstrap-server", "nowhere:9092")
                .redirectErrorStream(true);
        builder.environment().put("KAFKA_ACLS", "echo");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        long rules = Files.readAllLines(DEPLOY.resolve("kafka/acls.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .count();
        assertThat(said.lines()).hasSize((int) rules).allMatch(line -> line.contains("--allow-principal User:"));
        assertThat(said)
                .contains("--allow-principal User:matcher --topic sightings --resource-pattern-type literal"
                        + " --operation Write")
                .contains("--transactional-id paseo-tracker- --resource-pattern-type prefixed");
    }

    @Test
    void alertsAndDashboardsAreWellFormed() throws IOException {
        Map<?, ?> alerts =
                (Map<?, ?>) yaml(DEPLOY.resolve("prometheus/alerts.yml")).get(0);
        for (Object group : (List<?>) at(alerts, "groups")) {
            for (Object rule : (List<?>) at((Map<?, ?>) group, "rules")) {
                Map<?, ?> alert = (Map<?, ?>) rule;
                assertThat(alert.get("alert")).asString().startsWith("Paseo");
                assertThat(alert.get("expr")).asString().isNotBlank();
                assertThat(at(alert, "labels", "severity")).isIn("page", "ticket");
                assertThat(at(alert, "annotations", "summary")).asString().isNotBlank();
            }
        }
        yaml(DEPLOY.resolve("prometheus/prometheus.yml"));
        yaml(DEPLOY.resolve("grafana/provisioning/datasources/prometheus.yml"));
        yaml(DEPLOY.resolve("grafana/provisioning/dashboards/paseo.yml"));
        JsonNode dashboard = new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana/dashboards/paseo.json").toFile());
        assertThat(dashboard.get("panels")).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(panel.get("targets")).isNotEmpty();
        });
    }

    private static List<String> entrypoint(String service) throws IOException {
        String stage = stage(service);
        Matcher line = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])$").matcher(stage);
        assertThat(line.find()).isTrue();
        return words(line.group(1));
    }

    private static String stage(String service) throws IOException {
        String file = Files.readString(DEPLOY.resolve("images/Dockerfile"));
        int named = file.indexOf(" AS " + service + "\n");
        assertThat(named).as(service).isPositive();
        int start = file.lastIndexOf("FROM ", named);
        int end = file.indexOf("\nFROM ", named);
        return file.substring(start, end < 0 ? file.length() : end);
    }

    /** From the image, from compose, and from the cluster. */
    private static List<List<String>> argumentsOf(String service) throws IOException {
        List<List<String>> all = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^CMD (\\[.*])$").matcher(stage(service));
        if (line.find()) {
            all.add(words(line.group(1)));
        }
        Map<?, ?> compose =
                (Map<?, ?>) yaml(DEPLOY.resolve("compose/compose.yaml")).get(0);
        all.add(strings(at(compose, "services", service, "command")));
        Map<?, ?> deployment = (Map<?, ?>)
                yaml(DEPLOY.resolve("kubernetes/" + service + ".yaml")).get(0);
        List<?> containers = (List<?>) at(deployment, "spec", "template", "spec", "containers");
        all.add(strings(at((Map<?, ?>) containers.get(0), "args")));
        return all;
    }

    private static List<String> words(String json) throws IOException {
        return List.of(new ObjectMapper().readValue(json, String[].class));
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(Object::toString).toList();
    }

    private static String help(Class<?> main) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        "--help")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static Set<String> variables(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Object> yaml(Path file) throws IOException {
        return documents(Files.readString(file));
    }

    private static List<Object> documents(String text) {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(documents::add);
        return documents;
    }

    private static Object at(Map<?, ?> map, String... keys) {
        Object value = map;
        for (String key : keys) {
            Object next = ((Map<?, ?>) value).get(key);
            value = Objects.requireNonNull(next, () -> key + " is missing in " + map);
        }
        return value;
    }
}
