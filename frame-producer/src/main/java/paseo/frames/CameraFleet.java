package paseo.frames;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cameras that this producer has to watch, and those that it watches. One thread changes it. */
final class CameraFleet {
    private static final Logger log = LoggerFactory.getLogger(CameraFleet.class);

    /**
     * What to watch.
     *
     * @param target the camera
     * @param partition that it is on
     */
    private record Wanted(CameraTarget target, int partition) {}

    private final LivePublisher publisher;
    private final BiFunction<CameraTarget, Integer, LiveCamera> factory;
    private final Map<String, Wanted> wanted = new HashMap<>();
    private final Map<String, LiveCamera> watched = new ConcurrentHashMap<>();

    /** @param factory makes a camera of its target and partition */
    CameraFleet(LivePublisher publisher, BiFunction<CameraTarget, Integer, LiveCamera> factory) {
        this.publisher = publisher;
        this.factory = factory;
    }

    /** A camera is to be watched from the next {@link #reconcile()} on. */
    void want(CameraTarget target, int partition) {
        wanted.put(target.id(), new Wanted(target, partition));
    }

    /** A camera is not to be watched any more, as far as that partition is concerned. */
    void dismiss(String id, int partition) {
        wanted.computeIfPresent(id, (key, camera) -> camera.partition() == partition ? null : camera);
    }

    /** The partitions are another producer's now. Blocks as {@link #reconcile()} does. */
    void hand(Collection<Integer> partitions) {
        wanted.values().removeIf(camera -> partitions.contains(camera.partition()));
        giveUp(camera -> partitions.contains(camera.partition()));
    }

    /** Watches what is wanted and nothing else. Blocks while cameras are given up, for seconds where one is stuck. */
    void reconcile() {
        reconcile(partition -> true);
    }

    /**
     * The same as far as some partitions are concerned: on the others everything stays as it is.
     *
     * @param known whether all that is wanted on a partition is known
     */
    void reconcile(IntPredicate known) {
        giveUp(camera -> {
            Wanted next = wanted.get(camera.target().id());
            return known.test(camera.partition())
                    && !new Wanted(camera.target(), camera.partition()).equals(next)
                    && (next == null || known.test(next.partition()));
        });
        wanted.forEach((id, camera) -> {
            if (known.test(camera.partition())) {
                watched.computeIfAbsent(id, absent -> begin(camera));
            }
        });
    }

    private LiveCamera begin(Wanted camera) {
        log.info(
                "watches camera {} at {} on partition {}",
                camera.target().id(),
                camera.target().address(),
                camera.partition());
        LiveCamera live = factory.apply(camera.target(), camera.partition());
        publisher.add(live);
        return live;
    }

    private void giveUp(Predicate<LiveCamera> which) {
        List<LiveCamera> leaving = watched.values().stream().filter(which).toList();
        watched.values().removeAll(leaving);
        giveUp(leaving);
    }

    /** Gives all up until the next {@link #reconcile()}. */
    void suspend() {
        List<LiveCamera> all = List.copyOf(watched.values());
        watched.clear();
        giveUp(all);
    }

    private void giveUp(List<LiveCamera> leaving) {
        publisher.remove(leaving);
        leaving.forEach(camera ->
                log.info("no longer watches camera {}", camera.target().id()));
    }

    /** Those that are watched. */
    Collection<LiveCamera> watched() {
        return watched.values();
    }
}
