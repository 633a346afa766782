package paseo.matching;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Keys that are forgotten with the test. */
final class MemoryKeys implements Keys {
    private final Map<UUID, Seal> seals = new HashMap<>();

    @Override
    public Map<UUID, Seal> find(Collection<UUID> ids) {
        Map<UUID, Seal> found = new HashMap<>(seals);
        found.keySet().retainAll(ids);
        return found;
    }

    @Override
    public Map<UUID, Seal> ensure(Collection<UUID> ids) {
        ids.forEach(id -> seals.computeIfAbsent(id, made -> Seal.random()));
        return find(ids);
    }

    @Override
    public void delete(Collection<UUID> ids, Duration delay) {
        seals.keySet().removeAll(ids);
    }
}
