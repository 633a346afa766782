package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** A broker for which the disk is full from one moment on: no file can grow any more. */
final class FullDiskBroker implements Brokers {
    private static final int SMALLEST_FILE = 4096;

    private final OneBroker one = new OneBroker();

    @Override
    public String start(Path empty) throws IOException {
        return one.start(empty);
    }

    /** The disk is full. */
    @Override
    public void stopOne() throws IOException {
        long broker = one.broker().process().pid();
        try {
            int code = new ProcessBuilder("prlimit", "--pid", "" + broker, "--fsize=" + SMALLEST_FILE)
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void killOne() throws IOException {
        one.killOne();
    }

    /** There is room again, and the broker is started anew: it has ended by itself, as brokers do. */
    @Override
    public void startAgain() throws IOException {
        Process broker = one.broker().process();
        assertThat(broker.isAlive()).as("it still runs").isFalse();
        assertThat(broker.exitValue()).isEqualTo(BrokerProcess.FAILED);
        one.startAgain();
    }

    @Override
    public boolean answersWithoutOne() {
        return one.answersWithoutOne();
    }

    @Override
    public void close() throws IOException {
        one.close();
    }
}
