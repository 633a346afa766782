package paseo.matching;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where keys are kept: apart from what is sealed with them, so that a copy of that is of no use once a key is deleted.
 * Each sequence has one, under its own id, and so has each entry of those who have opted out. Thread-safe.
 */
interface Keys extends Seals {
    /** Those of these keys that there are. */
    Map<UUID, Seal> find(Collection<UUID> ids) throws SQLException;

    /** All of these keys; those that were not there are made, and are safe when this returns. */
    Map<UUID, Seal> ensure(Collection<UUID> ids) throws SQLException;

    /**
     * Deletes keys.
     *
     * @param delay after which no file of theirs holds them any more
     */
    void delete(Collection<UUID> ids, Duration delay) throws SQLException;

    @Override
    default Seal of(UUID id) throws SQLException {
        return Optional.ofNullable(ensure(List.of(id)).get(id)).orElseThrow();
    }
}
