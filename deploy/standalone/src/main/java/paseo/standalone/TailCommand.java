package paseo.standalone;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.KafkaOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo tail}. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Print a topic as JSON lines.",
        description = {
            "",
            "Prints what the topic holds, the oldest first within each partition, and ends; with --follow it waits for"
                    + " more. Pictures and embeddings are left out. Without --kafka it reads the embedded Kafka of"
                    + " --data, also while 'paseo watch' uses it.",
            ""
        })
final class TailCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TOPIC",
            description = "cameras, frames, detections, sequences, sightings or persons; with -dead-letters behind one"
                    + " of frames, detections and sequences, what could not be used of it.")
    private String topic = "";

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A Kafka to read from in place of the embedded one.")
    private @Nullable String kafka;

    @Mixin
    private KafkaOptions kafkaOptions = new KafkaOptions();

    @Option(names = "--follow", description = "Do not end; print what arrives.")
    private boolean follow;

    @Override
    public Integer call() {
        Topic<?> wanted = Topics.named(topic)
                .orElseThrow(() -> Refusal.usage("there is no topic " + topic + ": take "
                        + Topics.all().stream().map(Topic::name).collect(Collectors.joining(", "))));
        Optional<KafkaConnection> given = ServerOptions.connection(kafka, kafkaOptions);
        if (given.isPresent()) {
            print(wanted, given.get(), "--kafka " + given.get().bootstrapServers());
            return ExitCodes.DONE;
        }
        DataDirectory.requireUsed(data.directory());
        Optional<String> running = SharedKafka.of(data.directory());
        if (running.isPresent()) {
            print(wanted, KafkaConnection.of(running.get()), "the embedded Kafka");
            return ExitCodes.DONE;
        }
        if (follow) {
            throw Refusal.usage("--follow: nothing more would come; start 'paseo watch' on " + data.directory()
                    + " first, or name the --kafka to read from");
        }
        try (DataDirectory directory = DataDirectory.open(data.directory())) {
            LogFile.open(directory.log());
            try (EmbeddedKafka embedded = Servers.kafkaIn(directory)) {
                print(wanted, KafkaConnection.of(embedded.bootstrapServers()), "the embedded Kafka");
            }
        }
        return ExitCodes.DONE;
    }

    private void print(Topic<?> wanted, KafkaConnection connection, String name) {
        PrintStream out = System.out;
        try (TopicReader reader = new TopicReader(wanted, connection, name)) {
            List<String> lines = reader.next();
            while (!lines.isEmpty() || follow || !reader.atEnd()) {
                lines.forEach(out::println);
                if (out.checkError()) {
                    return;
                }
                lines = reader.next();
            }
        }
    }
}
