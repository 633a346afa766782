package paseo.matching;

/**
 * What a matcher works with.
 *
 * @param bootstrapServers of Kafka, {@code HOST:PORT,...}
 * @param partitions of topics that have to be created
 * @param database where everything is kept
 * @param modelPack the pack whose sequences are decided, {@code name@version}
 * @param thresholds of that pack
 */
public record MatcherSettings(
        String bootstrapServers, int partitions, DatabaseSettings database, String modelPack, Thresholds thresholds) {
    public MatcherSettings {
        if (modelPack.isBlank()) {
            throw new IllegalArgumentException("the model pack must be named, as in retail@1");
        }
    }
}
