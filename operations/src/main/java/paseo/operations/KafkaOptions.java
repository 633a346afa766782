package paseo.operations;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of every command that speaks to Kafka, beside {@code --kafka}. A setting of Kafka's clients is
 * {@code security.protocol} in a file, {@code --kafka.security.protocol=...} on the command line and
 * {@code PASEO_KAFKA_SECURITY_PROTOCOL} in the environment; the command line counts over the file, and the file over
 * the environment.
 */
public final class KafkaOptions {
    /** Where the servers are read from when {@code --kafka} is missing. */
    public static final String SERVERS_VARIABLE = "PASEO_KAFKA_BOOTSTRAP_SERVERS";

    private static final String FILE_VARIABLE = "PASEO_KAFKA_CONFIG";
    private static final String VARIABLES = "PASEO_KAFKA_";
    private static final String SETTING = "--kafka.";
    private static final String OPTION = SETTING + "NAME";

    @Option(
            names = OPTION,
            paramLabel = "VALUE",
            description = "A setting of Kafka's clients, as in --kafka.security.protocol=SASL_SSL; as often as needed."
                    + " Also from the environment, as in PASEO_KAFKA_SECURITY_PROTOCOL: the place for secrets.")
    private List<String> settings = List.of();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            defaultValue = "${env:" + FILE_VARIABLE + "}",
            description = "Properties file with settings of Kafka's clients (default: environment variable "
                    + FILE_VARIABLE + ").")
    private @Nullable Path file;

    /** Made by picocli. */
    public KafkaOptions() {}

    /**
     * The command line as picocli reads it: the name of a setting is part of the option's own. A value after a space is
     * taken as well: picocli would print it among what it does not know, and it may be a secret.
     *
     * @param arguments with {@code --kafka.NAME=VALUE} or {@code --kafka.NAME VALUE} anywhere
     */
    public static String[] expand(String... arguments) {
        List<String> expanded = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith(SETTING)) {
                expanded.add(argument);
            } else if (argument.indexOf('=') > 0) {
                expanded.add(OPTION + "=" + argument.substring(SETTING.length()));
            } else if (i + 1 < arguments.length && !arguments[i + 1].startsWith("--")) {
                i++;
                expanded.add(OPTION + "=" + argument.substring(SETTING.length()) + "=" + arguments[i]);
            } else {
                expanded.add(argument);
            }
        }
        return expanded.toArray(String[]::new);
    }

    /**
     * The way to Kafka that was asked for.
     *
     * @param bootstrapServers that {@code --kafka} names
     * @throws IllegalArgumentException if a setting is refused or the file cannot be read; its message has no values
     */
    public KafkaConnection to(String bootstrapServers) {
        return to(bootstrapServers, System.getenv());
    }

    KafkaConnection to(String bootstrapServers, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(VARIABLES)
                    && !variable.equals(FILE_VARIABLE)
                    && !variable.equals(SERVERS_VARIABLE)) {
                all.put(settingOf(variable), value);
            }
        });
        all.putAll(fromFile());
        for (String setting : settings) {
            int end = setting.indexOf('=');
            if (end < 0) {
                throw new IllegalArgumentException(
                        "write a setting of Kafka's as in --kafka.security.protocol=SASL_SSL");
            }
            all.put(setting.substring(0, end), setting.substring(end + 1));
        }
        return KafkaConnection.of(bootstrapServers).with(all);
    }

    /** No setting of Kafka's has an underscore in its name. */
    private static String settingOf(String variable) {
        return variable.substring(VARIABLES.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private Map<String, String> fromFile() {
        if (file == null) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException("--kafka-config: cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            // Its message could quote what is a secret.
            throw new IllegalArgumentException("--kafka-config: " + file + " is not a properties file", e);
        }
        Map<String, String> settings = new TreeMap<>();
        for (String name : new ArrayList<>(properties.stringPropertyNames())) {
            settings.put(name, properties.getProperty(name));
        }
        return settings;
    }
}
