package paseo.evaluation.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of a service that is started again whenever it ends, as a service manager would. */
final class Supervised implements AutoCloseable {
    /** It was told to. */
    private static final int TERMINATED = 143;

    private static final int KILLED = 137;
    /** What native code that crashes leaves, whatever the process was told. */
    private static final int ABORTED = 134;
    /** What a service says that cannot go on for now, as without Kafka: it is started again. */
    private static final int FAILED = 1;

    private static final long STOP_SECONDS = 40;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Command command;
    private Process process;
    private volatile boolean expected;
    private long startAt;
    private boolean done;
    private int starts;

    /** @param armed where it is killed, once */
    Supervised(Command command, Schedule.@Nullable Armed armed) throws IOException {
        this.command = command;
        this.process = start(armed);
    }

    private Process start(Schedule.@Nullable Armed armed) throws IOException {
        starts++;
        expected = false;
        if (armed == null) {
            return command.start(List.of());
        }
        try (Debugger debugger = new Debugger()) {
            Process debugged = command.start(List.of(debugger.option()));
            debugger.kill(debugged, armed, () -> expected = true);
            return debugged;
        }
    }

    /** The service it is of. */
    Service service() {
        return command.service();
    }

    /** How often it was started. */
    int starts() {
        return starts;
    }

    /** Whether its work is done, which only producers of files ever come to. */
    boolean done() {
        return done;
    }

    /** Starts it again where it has ended; gives what is wrong with the way it ended. */
    Optional<String> look() throws IOException {
        if (done || process.isAlive()) {
            return Optional.empty();
        }
        if (startAt == 0) {
            startAt = System.nanoTime() + PAUSE_NANOS;
            int code = process.exitValue();
            done = service() == Service.PRODUCER && code == 0;
            boolean fine =
                    code != ABORTED && (done || expected || code == FAILED || code == TERMINATED || code == KILLED);
            return fine ? Optional.empty() : Optional.of(service() + " ended by itself with " + code);
        }
        if (System.nanoTime() - startAt > 0) {
            startAt = 0;
            process = start(null);
        }
        return Optional.empty();
    }

    /** SIGKILL. */
    void kill() {
        expected = true;
        process.destroyForcibly();
    }

    /** SIGTERM. */
    void terminate() {
        expected = true;
        process.destroy();
    }

    /** Sends it a signal that Java has no method for. */
    void signal(String name) throws IOException, InterruptedException {
        if (process.isAlive()) {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    /** Ends it for good, in order where it can. */
    @Override
    public void close() {
        terminate();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
