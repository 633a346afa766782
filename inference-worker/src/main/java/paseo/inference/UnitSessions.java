package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import paseo.events.AccessUnit;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;

/** The sessions whose access units a worker decodes, by partition and camera. On the consumer's thread. */
final class UnitSessions {
    private record Key(TopicPartition partition, String camera) {}

    /**
     * A session that says nothing for so long has no producer any more: one that runs beats every second, and gives up
     * when Kafka is away for ten minutes. Who takes a file up again begins at a key picture.
     */
    private static final Duration SILENCE = Duration.ofMinutes(15);

    private static final class Open {
        private final long epoch;
        private final UnitSession<AVFrame> units = new UnitSession<>(FfmpegUnitDecoder::of, UnitSessions::release);
        private long silentNanos;

        private Open(long epoch) {
            this.epoch = epoch;
        }
    }

    private final Map<Key, Open> sessions = new HashMap<>();

    /**
     * Goes on by a record.
     *
     * @return what comes out by it, in order; with neither picture nor content the record itself, where it has nothing
     *     to do with access units
     */
    List<UnitSession.Step<AVFrame>> accept(FrameBatch.Entry entry, Frame frame) {
        FrameReference reference = frame.reference();
        Key key = new Key(entry.partition(), reference.camera());
        Open open = sessions.get(key);
        List<UnitSession.Step<AVFrame>> steps = new ArrayList<>();
        if (open != null && open.epoch != reference.epoch()) {
            steps.addAll(entry.condemned() ? open.units.abandon() : open.units.end());
            sessions.remove(key);
            open = null;
        }
        if (open != null) {
            open.silentNanos = 0;
        }
        if (frame.content() instanceof AccessUnit unit) {
            if (open == null) {
                open = new Open(reference.epoch());
                sessions.put(key, open);
            }
            steps.addAll(open.units.unit(entry, unit));
        } else if (open != null && frame.content() instanceof Heartbeat heartbeat) {
            steps.addAll(open.units.heartbeat(entry, heartbeat));
            if (heartbeat.state().last()) {
                sessions.remove(key);
            }
        } else {
            steps.add(new UnitSession.Step<>(entry, null, null));
        }
        return steps;
    }

    static void release(AVFrame picture) {
        av_frame_free(picture);
    }

    /** Offsets to commit, with where whoever comes next has to begin to be able to decode what follows. */
    Map<TopicPartition, OffsetAndMetadata> noted(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> noted = new HashMap<>();
        offsets.forEach((partition, offset) -> noted.put(
                partition, new OffsetAndMetadata(offset.offset(), RewindNote.add(offset.metadata(), from(partition)))));
        return noted;
    }

    private OptionalLong from(TopicPartition partition) {
        return sessions.entrySet().stream()
                .filter(session -> session.getKey().partition.equals(partition))
                .map(session -> session.getValue().units.from())
                .flatMapToLong(OptionalLong::stream)
                .min();
    }

    /** Another worker goes on with these. */
    void forget(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new HashSet<>(partitions);
        close((key, open) -> gone.contains(key.partition));
    }

    /**
     * Gives up sessions whose producer is gone, with what they hold: else whoever takes over would begin at their key
     * picture, however long ago that was. Nothing is said of the pictures that are inside: whoever takes the file up
     * sends them again, in their order.
     *
     * @param partitions from which records might have come meanwhile
     * @param nanos since the last call, as far as this worker was awake
     */
    void waited(Set<TopicPartition> partitions, long nanos) {
        sessions.forEach((key, open) -> open.silentNanos += partitions.contains(key.partition) ? nanos : 0);
        close((key, open) -> open.silentNanos >= SILENCE.toNanos());
    }

    private void close(BiPredicate<Key, Open> which) {
        sessions.entrySet().removeIf(session -> {
            boolean going = which.test(session.getKey(), session.getValue());
            if (going) {
                session.getValue().units.close();
            }
            return going;
        });
    }

    void close() {
        sessions.values().forEach(open -> open.units.close());
        sessions.clear();
    }
}
