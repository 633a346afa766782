package paseo.evaluation.chaos;

import java.io.IOException;
import java.nio.file.Path;

/** A Kafka that can lose a broker. */
interface Brokers extends AutoCloseable {
    /** Starts an empty one, instead of the one before; gives its bootstrap servers. */
    String start(Path directory) throws IOException;

    /** A broker goes in order: the only one, or one of several, whichever leads the frames of the first partition. */
    void stopOne() throws IOException;

    /** The same without a word (SIGKILL). */
    void killOne() throws IOException;

    /** It comes back to its address. */
    void startAgain() throws IOException;

    /** Whether somebody answers while one is gone. */
    boolean answersWithoutOne();

    @Override
    void close() throws IOException;
}
