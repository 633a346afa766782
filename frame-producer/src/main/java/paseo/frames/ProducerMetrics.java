package paseo.frames;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What a producer counts.
 *
 * @param registry where the meters of each camera are made
 * @param jpeg time to make one picture, from the decoder's planes to the bytes
 * @param paused time spent waiting for the workers
 */
record ProducerMetrics(MeterRegistry registry, Timer jpeg, Timer paused) {
    static ProducerMetrics in(MeterRegistry registry) {
        return new ProducerMetrics(
                registry, registry.timer("paseo.frames.jpeg"), registry.timer("paseo.producer.paused"));
    }

    Counter read(String camera) {
        return registry.counter("paseo.frames.read", "camera", camera);
    }

    Counter published(String camera) {
        return registry.counter("paseo.frames.published", "camera", camera);
    }

    /** Frames between two points of the sampling grid. */
    Counter sampledOut(String camera) {
        return registry.counter("paseo.frames.dropped", "camera", camera, "reason", "sampled");
    }

    /** Frames that an earlier run has brought to the workers. */
    Counter alreadySeen(String camera) {
        return registry.counter("paseo.frames.dropped", "camera", camera, "reason", "resumed");
    }
}
