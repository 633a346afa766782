package paseo.inference;

import java.time.Duration;
import paseo.operations.KafkaConnection;

/**
 * How an {@link InferenceWorker} works.
 *
 * @param kafka the way to Kafka
 * @param partitions of topics that do not exist yet
 * @param maxBatch frames looked at together at most
 * @param maxWait how long the first frame of a batch waits for others at most
 * @param interval of how many frames one is looked at
 */
public record WorkerSettings(
        KafkaConnection kafka, int partitions, int maxBatch, Duration maxWait, DetectionInterval interval) {
    public WorkerSettings {
        if (partitions < 1) {
            throw new IllegalArgumentException("topics have at least one partition, not " + partitions);
        }
        if (maxBatch < 1) {
            throw new IllegalArgumentException("a batch has at least one frame, not " + maxBatch);
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("a frame cannot wait " + maxWait.toMillis() + " ms");
        }
    }

    /** The defaults. */
    public static WorkerSettings of(String bootstrapServers) {
        return of(KafkaConnection.of(bootstrapServers));
    }

    /** The same, where Kafka's clients need settings. */
    public static WorkerSettings of(KafkaConnection kafka) {
        return new WorkerSettings(kafka, 4, 16, Duration.ofMillis(20), DetectionInterval.EVERY_FRAME);
    }

    /** With that many frames looked at together. */
    public WorkerSettings withMaxBatch(int frames) {
        return new WorkerSettings(kafka, partitions, frames, maxWait, interval);
    }

    /** With one of so many frames looked at. */
    public WorkerSettings withInterval(DetectionInterval frames) {
        return new WorkerSettings(kafka, partitions, maxBatch, maxWait, frames);
    }
}
