package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;

/** A broker in a process of its own, for which the disk is full from one moment on: no file can grow any more. */
final class FullDiskBroker implements Brokers {
    private static final int SMALLEST_FILE = 4096;
    private static final int FAILED = 1;
    private static final long STOP_SECONDS = 30;

    private Path directory = Path.of("");
    private String bootstrapServers = "";
    private @Nullable Process broker;

    /** The broker's process: its directory, and its port where it had one before. Says where it listens. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (EmbeddedKafka kafka = arguments.length == 1
                ? EmbeddedKafka.start(directory)
                : EmbeddedKafka.start(directory, Integer.parseInt(arguments[1]))) {
            kafka.onFailure(fault -> {
                System.err.println(fault);
                Runtime.getRuntime().halt(FAILED);
            });
            System.out.println(kafka.bootstrapServers());
            while (System.in.read() >= 0) {
                // Until the other end goes.
            }
        }
    }

    @Override
    public String start(Path empty) throws IOException {
        close();
        directory = empty;
        bootstrapServers = launch(List.of());
        return bootstrapServers;
    }

    private String launch(List<String> port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskBroker.class.getName(),
                directory.toString()));
        command.addAll(port);
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(directory + ".log")))
                .start();
        broker = started;
        BufferedReader said = started.inputReader();
        String address = said.readLine();
        if (address == null) {
            throw new IOException("the broker did not start; " + directory + ".log says why");
        }
        return address;
    }

    /** The disk is full. */
    @Override
    public void stopOne() throws IOException {
        Process running = running();
        try {
            int code = new ProcessBuilder("prlimit", "--pid", "" + running.pid(), "--fsize=" + SMALLEST_FILE)
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** There is room again, and the broker is started anew: it has ended by itself, as brokers do. */
    @Override
    public void startAgain() throws IOException {
        assertThat(running().isAlive()).as("it still runs").isFalse();
        assertThat(running().exitValue()).isEqualTo(FAILED);
        launch(List.of(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1)));
    }

    private Process running() {
        Process running = broker;
        if (running == null) {
            throw new IllegalStateException("no broker was started");
        }
        return running;
    }

    @Override
    public boolean answersWithoutOne() {
        return false;
    }

    private static void stop(Process broker) {
        broker.destroyForcibly();
        try {
            assertThat(broker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (broker != null) {
            stop(broker);
            broker = null;
        }
    }
}
