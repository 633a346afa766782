package paseo.matching;

import paseo.operations.KafkaConnection;

/**
 * What a matcher works with.
 *
 * @param kafka the way to Kafka
 * @param partitions of topics that have to be created
 * @param database where everything is kept
 * @param modelPack the pack whose sequences are decided, {@code name@version}
 * @param thresholds of that pack
 */
public record MatcherSettings(
        KafkaConnection kafka, int partitions, DatabaseSettings database, String modelPack, Thresholds thresholds) {
    public MatcherSettings {
        if (modelPack.isBlank()) {
            throw new IllegalArgumentException("the model pack must be named, as in retail@1");
        }
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
