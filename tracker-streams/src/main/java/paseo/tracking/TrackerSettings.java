package paseo.tracking;

import java.nio.file.Path;
import java.time.Duration;
import paseo.operations.KafkaConnection;

/**
 * What a tracker service needs to know.
 *
 * @param kafka the way to Kafka
 * @param partitions of the topics that have to be created
 * @param stateDirectory where the state lies; another service must not use it
 * @param parameters of the tracker
 * @param threads that track; more than there are partitions do nothing
 * @param commitInterval how long events wait at most until they are committed and can be read; each commit costs some
 *     ten requests, however little there is to commit
 */
public record TrackerSettings(
        KafkaConnection kafka,
        int partitions,
        Path stateDirectory,
        TrackerParameters parameters,
        int threads,
        Duration commitInterval) {
    /** What a live camera can wait for. */
    private static final Duration SOON = Duration.ofMillis(100);

    public TrackerSettings {
        if (partitions < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "there must be at least one partition and one thread, not " + partitions + " and " + threads);
        }
        if (commitInterval.isNegative() || commitInterval.isZero()) {
            throw new IllegalArgumentException("commits are some time apart, not " + commitInterval.toMillis() + " ms");
        }
    }

    /** Four partitions, one thread, the standard tracker. */
    public static TrackerSettings of(String bootstrapServers, Path stateDirectory) {
        return of(KafkaConnection.of(bootstrapServers), stateDirectory);
    }

    /** The same, where Kafka's clients need settings. */
    public static TrackerSettings of(KafkaConnection kafka, Path stateDirectory) {
        return new TrackerSettings(kafka, 4, stateDirectory, TrackerParameters.standard(), 1, SOON);
    }

    /** The same with another number of partitions. */
    public TrackerSettings withPartitions(int number) {
        return new TrackerSettings(kafka, number, stateDirectory, parameters, threads, commitInterval);
    }

    /** The same with another tracker. */
    public TrackerSettings withParameters(TrackerParameters other) {
        return new TrackerSettings(kafka, partitions, stateDirectory, other, threads, commitInterval);
    }

    /** The same with another number of threads. */
    public TrackerSettings withThreads(int number) {
        return new TrackerSettings(kafka, partitions, stateDirectory, parameters, number, commitInterval);
    }

    /** The same with another time between commits. */
    public TrackerSettings withCommitInterval(Duration interval) {
        return new TrackerSettings(kafka, partitions, stateDirectory, parameters, threads, interval);
    }
}
