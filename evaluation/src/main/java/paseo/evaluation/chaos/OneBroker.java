package paseo.evaluation.chaos;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;

/** The embedded broker. */
final class OneBroker implements Brokers {
    private Path directory = Path.of("");
    private String bootstrapServers = "";
    private @Nullable EmbeddedKafka kafka;

    @Override
    public String start(Path empty) throws IOException {
        close();
        directory = empty;
        EmbeddedKafka started = EmbeddedKafka.start(empty);
        kafka = started;
        bootstrapServers = started.bootstrapServers();
        return bootstrapServers;
    }

    @Override
    public void stopOne() {
        close();
    }

    @Override
    public void startAgain() throws IOException {
        kafka = EmbeddedKafka.start(
                directory, Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1)));
    }

    @Override
    public boolean answersWithoutOne() {
        return false;
    }

    @Override
    public void close() {
        if (kafka != null) {
            kafka.close();
        }
    }
}
