package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.SequenceEvent;
import paseo.operations.Health;

class TrackerProcessorTest {
    private final AtomicLong now = new AtomicLong();
    private final Health health = new Health(now::get);

    @Test
    void looksForSilentCamerasOnceHoweverOftenItsTaskIsRevived() {
        MockProcessorContext<String, Routed> context = context();
        TrackerProcessor processor = processor(context);
        processor.close();
        processor.init(context);
        assertThat(context.scheduledPunctuators())
                .extracting(CapturedPunctuator::cancelled)
                .containsExactly(true, false);
        // Revived without having been closed.
        processor.init(context);
        assertThat(context.scheduledPunctuators())
                .extracting(CapturedPunctuator::cancelled)
                .containsExactly(true, true, false);
        processor.close();
        assertThat(context.scheduledPunctuators()).allMatch(CapturedPunctuator::cancelled);
    }

    @Test
    void aRecordOfNothingDoesNotLeaveItAtWork() {
        TrackerProcessor processor = processor(context());
        assertThatThrownBy(() -> processor.process(new Record<>(Scenes.CAMERA, null, 0)))
                .isInstanceOf(NullPointerException.class);
        now.addAndGet(2 * Health.PATIENCE.toNanos());
        assertThat(health.hanging()).isEmpty();
    }

    /** The tracks of two sessions have the same numbers, and may have been seen in frames of the same number. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void keepsTheFacesOfASessionThatFollowsAnotherWithoutAHeartbeat(long frame) {
        List<Detections> before =
                List.of(frame(Scenes.EPOCH, 1, Scenes.person(1)), frame(Scenes.EPOCH + 1, frame, Scenes.person(2)));
        List<Detections> after = new ArrayList<>();
        for (long number = frame + 1; number < frame + 6; number++) {
            after.add(frame(Scenes.EPOCH + 1, number, Scenes.person(2)));
        }
        MockProcessorContext<String, Routed> once = context();
        TrackerProcessor through = processor(once);
        before.forEach(detections -> process(through, detections));
        after.forEach(detections -> process(through, detections));

        MockProcessorContext<String, Routed> twice = context();
        TrackerProcessor first = processor(twice);
        before.forEach(detections -> process(first, detections));
        TrackerProcessor restarted = processor(twice);
        after.forEach(detections -> process(restarted, detections));

        assertThat(events(twice)).isNotEmpty().isEqualTo(events(once));
    }

    private static Detections frame(long epoch, long number, float[] person) {
        return Scenes.inEpoch(
                epoch, Scenes.frame(number, 40_000 * number, Scenes.usable(new Box(100, 100, 40, 48), person)));
    }

    private static void process(TrackerProcessor processor, Detections detections) {
        processor.process(new Record<>(Scenes.CAMERA, detections, 0));
    }

    private static List<SequenceEvent> events(MockProcessorContext<String, Routed> context) {
        return context.forwarded().stream()
                .map(forward -> forward.record().value().event())
                .toList();
    }

    private TrackerProcessor processor(MockProcessorContext<String, Routed> context) {
        TrackerProcessor processor =
                new TrackerProcessor(TrackerParameters.standard(), new SimpleMeterRegistry(), health);
        processor.init(context);
        return processor;
    }

    /** With an empty store. */
    private static MockProcessorContext<String, Routed> context() {
        MockProcessorContext<String, Routed> context = new MockProcessorContext<>();
        KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(TrackerTopology.STORE), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return context;
    }
}
