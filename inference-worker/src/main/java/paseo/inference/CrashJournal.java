package paseo.inference;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which record kills the workers that look at it, so that it does not kill all of them for ever. The journal
 * is the text that Kafka keeps with each committed offset: it outlives the process, comes with the partition to whoever
 * takes over, and costs nothing while all is well.
 *
 * <p>A worker that begins says so, and one that leaves in order. Where one did not, the records that it may have had in
 * hand are looked at one by one, each announced in the journal before. Who finds a record announced knows that its
 * predecessor died with nothing else in hand; after {@value #DEATHS} such deaths the record is to be set aside. A
 * single kill from outside never condemns a record, however it is timed.
 */
final class CrashJournal {
    /** Workers that a record may cost, beside the one that had others in hand, too. */
    static final int DEATHS = 2;

    private static final String LEFT = "left";
    private static final String ANNOUNCED = "deaths so far: ";

    /** What is suspected on a partition: the offsets from, and before until; the first has cost so many workers. */
    private record Suspicion(long from, long until, int deaths) {}

    private final int inHand;
    private final Map<TopicPartition, Suspicion> suspicions = new HashMap<>();
    private final Map<TopicPartition, Long> done = new HashMap<>();
    private final Set<TopicPartition> untouched = new HashSet<>();

    /** @param inHand records that a worker has in hand at most */
    CrashJournal(int inHand) {
        this.inHand = inHand;
    }

    /** A partition was taken over. */
    void taken(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        done.remove(partition);
        suspicions.remove(partition);
        untouched.remove(partition);
        if (committed == null || committed.metadata().equals(LEFT)) {
            untouched.add(partition);
            return;
        }
        long from = committed.offset();
        suspicions.put(partition, new Suspicion(from, from + inHand, deaths(committed.metadata())));
    }

    private static int deaths(String metadata) {
        if (!metadata.startsWith(ANNOUNCED)) {
            return 0;
        }
        try {
            return Integer.parseInt(metadata.substring(ANNOUNCED.length())) + 1;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * What to commit before the first record of a partition is looked at, so that whoever comes next sees that somebody
     * had begun. Once for each takeover, and nothing afterwards.
     */
    Optional<OffsetAndMetadata> beginning(TopicPartition partition, long offset) {
        if (!untouched.remove(partition)) {
            return Optional.empty();
        }
        // Whoever leaves before the first record is done leaves in order, too.
        done.put(partition, offset);
        return Optional.of(new OffsetAndMetadata(offset));
    }

    /** Whether a record has to be looked at alone. */
    boolean suspects(TopicPartition partition, long offset) {
        Suspicion suspicion = suspicions.get(partition);
        return suspicion != null && offset < suspicion.until();
    }

    /** Whether a record has killed so often that nobody should look at it again. */
    boolean condemns(TopicPartition partition, long offset) {
        Suspicion suspicion = suspicions.get(partition);
        return suspicion != null && suspicion.from() == offset && suspicion.deaths() >= DEATHS;
    }

    /** What to commit before a suspected record is looked at. */
    OffsetAndMetadata announcement(TopicPartition partition, long offset) {
        Suspicion suspicion = suspicions.get(partition);
        int deaths = suspicion != null && suspicion.from() == offset ? suspicion.deaths() : 0;
        return new OffsetAndMetadata(offset, ANNOUNCED + deaths);
    }

    /** Records are stored, up to these offsets. */
    void done(Map<TopicPartition, OffsetAndMetadata> ends) {
        ends.forEach((partition, end) -> {
            done.put(partition, end.offset());
            Suspicion suspicion = suspicions.get(partition);
            if (suspicion != null && end.offset() >= suspicion.until()) {
                suspicions.remove(partition);
            }
        });
    }

    /** What to commit when partitions are given up in order: nothing where nothing was done. */
    Map<TopicPartition, OffsetAndMetadata> leaving(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> last = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long end = done.remove(partition);
            if (end != null) {
                // What is still suspected stays so.
                last.put(partition, new OffsetAndMetadata(end, suspects(partition, end) ? "" : LEFT));
            }
            suspicions.remove(partition);
            untouched.remove(partition);
        }
        return last;
    }
}
