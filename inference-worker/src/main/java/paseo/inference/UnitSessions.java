package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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

    private record Open(long epoch, UnitSession<AVFrame> units) {}

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
        if (frame.content() instanceof AccessUnit unit) {
            if (open == null) {
                open = new Open(reference.epoch(), new UnitSession<>(FfmpegUnitDecoder::of, UnitSessions::release));
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
        sessions.entrySet().removeIf(session -> {
            boolean going = gone.contains(session.getKey().partition);
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
