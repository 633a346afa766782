package paseo.matching;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * Makes keys for many sequences at once, so that each of the transactions that follow need not wait for a commit of the
 * other database. One thread at a time; keys of an earlier batch are forgotten.
 */
final class SealsAhead implements Seals {
    private final Keys keys;
    private Map<UUID, Seal> ready = Map.of();

    SealsAhead(Keys keys) {
        this.keys = keys;
    }

    void prepare(Collection<UUID> ids) throws SQLException {
        ready = ids.isEmpty() ? Map.of() : keys.ensure(ids);
    }

    @Override
    public Seal of(UUID id) throws SQLException {
        Seal seal = ready.get(id);
        return seal == null ? keys.of(id) : seal;
    }
}
