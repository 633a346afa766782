package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Source;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;

class LiveKafkaTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(LiveKafka.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @Test
    void saysOnceThatKafkaTakesNothingAndOnceThatItDoesAgain() {
        MockProducer<String, Frame> kafka = new MockProducer<>(
                false, null, new StringSerializer(), Topics.FRAMES.codec().serializer());
        said.start();
        log.setLevel(Level.INFO);
        log.addAppender(said);
        try (LiveKafka live = new LiveKafka(
                KafkaClients.admin(KafkaConnection.of("127.0.0.1:9")),
                kafka,
                new LiveClock(),
                () -> 15,
                Management.silent(new SimpleMeterRegistry()))) {
            for (boolean taken : new boolean[] {true, false, false, true, true, false}) {
                live.send(3, sign(), 0, stored -> assertThat(stored).isEqualTo(taken));
                assertThat(taken ? kafka.completeNext() : kafka.errorNext(new TimeoutException("expired")))
                        .isTrue();
            }
            assertThat(lines())
                    .containsExactly(
                            "Kafka takes no live frames on partition 3: they are lost",
                            "Kafka takes live frames on partition 3 again",
                            "Kafka takes no live frames on partition 3: they are lost");
        } finally {
            log.detachAppender(said);
            log.setLevel(null);
        }
    }

    private List<String> lines() {
        return List.copyOf(said.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("partition 3"))
                .toList();
    }

    private static Frame sign() {
        Source source = new Source("cam", Source.Kind.FILE, 64, 48, 25, 0);
        return new Frame(new FrameReference("cam", 1, 0, 0, 0), new Heartbeat(State.LIVE, source, ""));
    }
}
