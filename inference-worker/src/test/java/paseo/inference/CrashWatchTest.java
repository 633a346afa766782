package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import paseo.operations.Health;
import paseo.operations.KafkaConnection;

class CrashWatchTest {
    private static final TopicPartition PARTITION = new TopicPartition("frames", 0);

    /** Kafka keeps offsets; whether it says them is up to the test. */
    private static final class Offsets extends MockConsumer<String, byte[]> {
        private boolean silent;

        Offsets() {
            super("earliest");
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            if (silent) {
                throw new TimeoutException("no answer");
            }
            return super.committed(partitions);
        }
    }

    @Test
    void beginsWhereTheNoteOfTheLastReaderSays() {
        try (Offsets consumer = consumer()) {
            watch(consumer).taken(List.of(PARTITION));
            assertThat(consumer.position(PARTITION)).isEqualTo(42);
        }
    }

    @Test
    void saysThatTheKeyPictureIsDeleted() {
        Logger log = (Logger) LoggerFactory.getLogger(CrashWatch.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        try (Offsets consumer = consumer()) {
            watch(consumer).taken(List.of(PARTITION));
            assertThat(said.list).isEmpty();

            consumer.updateBeginningOffsets(Map.of(PARTITION, 45L));
            watch(consumer).taken(List.of(PARTITION));

            assertThat(said.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .startsWith("the key picture at 42 of frames-0 is deleted, and what is left begins at 45");
        } finally {
            log.detachAppender(said);
        }
    }

    @Test
    void doesNotGoOnWithoutTheNoteOfTheLastReader() {
        try (Offsets consumer = consumer()) {
            consumer.silent = true;
            assertThatThrownBy(() -> watch(consumer).taken(List.of(PARTITION))).isInstanceOf(TimeoutException.class);
        }
    }

    private static Offsets consumer() {
        Offsets consumer = new Offsets();
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(50, "left from 42")));
        return consumer;
    }

    private static CrashWatch watch(Offsets consumer) {
        return new CrashWatch(
                consumer,
                16,
                new UnusableFrames(KafkaConnection.of("nowhere:9092"), new WorkerMetrics(new SimpleMeterRegistry())),
                new UnitSessions(),
                new Health().loop("test"));
    }
}
