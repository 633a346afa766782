package paseo.matching;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opens vectors of faces that are read block by block. */
final class FaceKeys {
    private final Keys keys;
    private @Nullable UUID latest;
    private FaceBlocks.@Nullable Key key;

    FaceKeys(Keys keys) {
        this.keys = keys;
    }

    /**
     * A vector, if it can be read.
     *
     * @param id of its block's key
     */
    Optional<Halves> open(UUID id, byte[] sealed, int frame, int index) throws SQLException {
        if (!id.equals(latest)) {
            Seal seal = keys.find(List.of(id)).get(id);
            latest = id;
            key = seal == null ? null : new FaceBlocks.Key(id, seal);
        }
        return key == null ? Optional.empty() : key.open(sealed, frame, index);
    }
}
