package paseo.evaluation.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The embedded broker, in a process of its own. */
final class OneBroker implements Brokers {
    private Path directory = Path.of("");
    private String bootstrapServers = "";
    private @Nullable BrokerProcess broker;

    @Override
    public String start(Path empty) throws IOException {
        close();
        directory = empty;
        BrokerProcess started = BrokerProcess.embedded(empty, List.of());
        broker = started;
        bootstrapServers = started.listens();
        return bootstrapServers;
    }

    /** The process that runs now, or ran last. */
    BrokerProcess broker() {
        BrokerProcess running = broker;
        if (running == null) {
            throw new IllegalStateException("no broker was started");
        }
        return running;
    }

    @Override
    public void stopOne() throws IOException {
        broker().stop();
    }

    @Override
    public void killOne() throws IOException {
        broker().kill();
    }

    @Override
    public void startAgain() throws IOException {
        String port = bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1);
        BrokerProcess started = BrokerProcess.embedded(directory, List.of(port));
        broker = started;
        started.listens();
    }

    @Override
    public boolean answersWithoutOne() {
        return false;
    }

    /** At once: nobody wants what it has any more. */
    @Override
    public void close() throws IOException {
        if (broker != null) {
            broker.kill();
        }
    }
}
