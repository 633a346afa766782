package paseo.matching;

import java.time.Duration;
import java.util.Optional;
import paseo.operations.KafkaConnection;

/**
 * What a matcher works with.
 *
 * @param kafka the way to Kafka
 * @param partitions of topics that have to be created
 * @param database where everything is kept
 * @param modelPack the pack whose sequences are decided, {@code name@version}
 * @param thresholds of that pack
 * @param retention how long anything is kept, whatever a camera wishes; empty for ever
 */
public record MatcherSettings(
        KafkaConnection kafka,
        int partitions,
        DatabaseSettings database,
        String modelPack,
        Thresholds thresholds,
        Optional<Duration> retention) {
    public MatcherSettings {
        if (modelPack.isBlank()) {
            throw new IllegalArgumentException("the model pack must be named, as in retail@1");
        }
        if (retention.isPresent()
                && (retention.get().isNegative() || retention.get().isZero())) {
            throw new IllegalArgumentException("things are kept for more than no time, not for " + retention.get());
        }
    }

    /** Settings of a matcher that forgets only what cameras want forgotten. */
    public MatcherSettings(
            KafkaConnection kafka, int partitions, DatabaseSettings database, String modelPack, Thresholds thresholds) {
        this(kafka, partitions, database, modelPack, thresholds, Optional.empty());
    }

    /** The same, but nothing is kept for longer. */
    public MatcherSettings keepingAtMost(Duration time) {
        return new MatcherSettings(kafka, partitions, database, modelPack, thresholds, Optional.of(time));
    }

    /** The same for a Kafka without security, {@code HOST:PORT,...}. */
    public MatcherSettings(
            String bootstrapServers,
            int partitions,
            DatabaseSettings database,
            String modelPack,
            Thresholds thresholds) {
        this(KafkaConnection.of(bootstrapServers), partitions, database, modelPack, thresholds);
    }
}
