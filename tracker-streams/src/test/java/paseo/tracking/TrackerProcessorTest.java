package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
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
