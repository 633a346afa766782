package paseo.evaluation.chaos;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import paseo.embedded.EmbeddedKafka;

/** A broker in a process of its own, so that it can be killed. Ends in order when this process does. */
final class BrokerProcess {
    /** The exit code of a broker that gives up. */
    static final int FAILED = 1;

    private static final String EMBEDDED = "embedded";
    private static final String CONFIGURED = "configured";
    private static final long STOP_SECONDS = 40;

    private final Process process;
    private final Path log;

    private BrokerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * The process itself: {@code embedded DIRECTORY [PORT]} or {@code configured FILE}. Prints where it listens, or an
     * empty line, once it does.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals(CONFIGURED)) {
            Properties settings = new Properties();
            try (Reader file = Files.newBufferedReader(Path.of(arguments[1]))) {
                settings.load(file);
            }
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            server.startup();
            System.out.println();
            awaitEnd();
            server.shutdown();
            server.awaitShutdown();
            return;
        }
        Path directory = Path.of(arguments[1]);
        try (EmbeddedKafka kafka = arguments.length == 2
                ? EmbeddedKafka.start(directory)
                : EmbeddedKafka.start(directory, Integer.parseInt(arguments[2]))) {
            kafka.onFailure(fault -> {
                System.err.println(fault);
                Runtime.getRuntime().halt(FAILED);
            });
            System.out.println(kafka.bootstrapServers());
            awaitEnd();
        }
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Until the other end goes.
        }
    }

    /** Launches the embedded broker on a directory; the log is beside it. */
    static BrokerProcess embedded(Path directory, List<String> port) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(EMBEDDED, directory.toString()));
        arguments.addAll(port);
        return launch(arguments, Path.of(directory + ".log"));
    }

    /** Launches a broker with a file of settings, on a directory that is formatted; the log is beside the file. */
    static BrokerProcess configured(Path settings) throws IOException {
        return launch(List.of(CONFIGURED, settings.toString()), Path.of(settings + ".log"));
    }

    private static BrokerProcess launch(List<String> arguments, Path log) throws IOException {
        List<String> command = Command.java();
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BrokerProcess.class.getName()));
        command.addAll(arguments);
        return new BrokerProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                        .start(),
                log);
    }

    /** Waits until it listens; gives where, if it was not told. */
    String listens() throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String address = said.readLine();
        if (address == null) {
            throw new IOException("the broker did not start; " + log + " says why");
        }
        return address;
    }

    /** What it is to the system. */
    Process process() {
        return process;
    }

    /** Ends it in order, where it can. */
    void stop() throws IOException {
        process.getOutputStream().close();
        if (!ended()) {
            kill();
        }
    }

    /** SIGKILL. */
    void kill() throws IOException {
        process.destroyForcibly();
        if (!ended()) {
            throw new IOException("the broker does not end, process " + process.pid());
        }
    }

    private boolean ended() throws IOException {
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker ends", e);
        }
    }
}
