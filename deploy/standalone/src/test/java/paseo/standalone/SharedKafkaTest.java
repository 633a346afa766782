package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedKafkaTest {
    private static final String ADDRESS = "127.0.0.1:9092";

    @TempDir
    Path directory;

    @Test
    void isKnownFromItsAnnouncementToItsEnd() {
        assertThat(SharedKafka.of(directory)).isEmpty();
        try (DataDirectory data = DataDirectory.open(directory)) {
            SharedKafka shared = SharedKafka.announce(data, ADDRESS);
            assertThat(SharedKafka.of(directory)).contains(ADDRESS);
            shared.withdraw();
            assertThat(SharedKafka.of(directory)).isEmpty();
        }
    }

    /** As in a container, where every process is number 1. */
    @Test
    void isNotBelievedOfAProcessThatWasKilledAndHadThisOnesNumber() {
        try (DataDirectory data = DataDirectory.open(directory)) {
            SharedKafka.announce(data, ADDRESS);
        }
        assertThat(SharedKafka.of(directory)).isEmpty();
    }

    @Test
    void isNotBelievedWhereTheFileIsCutOff() throws IOException {
        try (DataDirectory data = DataDirectory.open(directory)) {
            SharedKafka.announce(data, ADDRESS);
            Files.writeString(directory.resolve("kafka-address"), ADDRESS + "\n");
            assertThat(SharedKafka.of(directory)).isEmpty();
        }
    }
}
