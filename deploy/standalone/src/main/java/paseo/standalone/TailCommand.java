package paseo.standalone;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
            "",
            "What cannot be read is told on standard error and left out; the exit status is then 1.",
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

    /** Where lines come from. */
    interface Lines {
        /** The next ones; empty when none came for a moment. */
        List<String> next();

        /** Whether everything that was there at the beginning has been read. */
        boolean atEnd();

        /** Whether there was nothing so far that has no line because it cannot be read. */
        boolean complete();
    }

    @Override
    public Integer call() {
        Topic<?> wanted = Topics.named(topic)
                .orElseThrow(() -> Refusal.usage("there is no topic " + topic + ": take "
                        + Topics.all().stream().map(Topic::name).collect(Collectors.joining(", "))));
        Optional<KafkaConnection> given = ServerOptions.connection(kafka, kafkaOptions);
        if (given.isPresent()) {
            return print(wanted, given.get(), "--kafka " + given.get().bootstrapServers(), () -> true);
        }
        DataDirectory.requireUsed(data.directory());
        Optional<String> running = SharedKafka.of(data.directory());
        if (running.isPresent()) {
            return print(
                    wanted,
                    KafkaConnection.of(running.get()),
                    "the embedded Kafka",
                    () -> SharedKafka.of(data.directory()).equals(running));
        }
        if (follow) {
            throw Refusal.usage("--follow: nothing more would come; start 'paseo watch' on " + data.directory()
                    + " first, or name the --kafka to read from");
        }
        try (DataDirectory directory = DataDirectory.open(data.directory())) {
            LogFile.open(directory.log());
            try (EmbeddedKafka embedded = Servers.kafkaIn(directory)) {
                return print(wanted, KafkaConnection.of(embedded.bootstrapServers()), "the embedded Kafka", () -> true);
            }
        }
    }

    private int print(Topic<?> wanted, KafkaConnection connection, String name, BooleanSupplier runs) {
        Consumer<String> complaints = System.err::println;
        try (TopicReader reader = new TopicReader(wanted, connection, name, complaints)) {
            if (!print(reader, follow, runs, System.out)) {
                StandardOutput.requireReader();
            }
            return reader.complete() ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    /**
     * Prints lines to their end, or for ever.
     *
     * @param runs whether the Kafka that they come from is still the one of a command that runs: its client would wait
     *     for it without a word
     * @return whether all that came could be printed
     * @throws Refusal if it is not
     */
    static boolean print(Lines lines, boolean follow, BooleanSupplier runs, PrintStream out) {
        while (true) {
            List<String> next = lines.next();
            next.forEach(out::println);
            if (out.checkError()) {
                return false;
            }
            if (next.isEmpty()) {
                if (!follow && lines.atEnd()) {
                    return true;
                }
                if (!runs.getAsBoolean()) {
                    throw Refusal.failed(
                            "the 'paseo watch' that was read from has ended: start the command again", null);
                }
            }
        }
    }
}
