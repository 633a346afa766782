package paseo.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The sessions of a partition's cameras, in memory, and in the state store as of the last saved record.
 *
 * <p>A session is small and written at every record under the camera's id. The faces that its templates keep are a
 * hundred times larger and hardly ever change: each is an entry of its own, written when it is kept and deleted when it
 * is not.
 */
final class SessionStore {
    /** Between a camera's id, a track and a frame: below every character of an id. */
    private static final char SEPARATOR = '\u0000';

    private final KeyValueStore<String, byte[]> store;
    private final TrackerParameters parameters;
    private final Map<String, CameraSessions> sessions = new HashMap<>();
    /** By camera and track: what the store holds of its template. */
    private final Map<String, Map<Long, Stored>> stored = new HashMap<>();

    /**
     * Kept faces as they are in the store.
     *
     * @param changes of the template when they were written
     * @param faces by frame
     */
    private record Stored(int changes, Map<Long, KeptFace> faces) {
        static final Stored NOTHING = new Stored(-1, Map.of());

        static Stored of(SequenceTemplate template) {
            Map<Long, KeptFace> faces = new LinkedHashMap<>();
            template.faces().forEach(face -> faces.put(face.frame(), face));
            return new Stored(template.changes(), faces);
        }
    }

    SessionStore(KeyValueStore<String, byte[]> store, TrackerParameters parameters) {
        this.store = store;
        this.parameters = parameters;
    }

    CameraSessions get(String camera) {
        CameraSessions known = sessions.get(camera);
        if (known != null) {
            return known;
        }
        byte[] bytes = store.get(camera);
        CameraSessions loaded = bytes == null
                ? new CameraSessions(camera, parameters)
                : StateCodec.decode(camera, bytes, parameters, (track, frame) -> face(camera, track, frame));
        sessions.put(camera, loaded);
        Map<Long, Stored> ofTracks = new TreeMap<>();
        tracks(loaded).forEach(track -> ofTracks.put(track.state.number, Stored.of(track.template)));
        stored.put(camera, ofTracks);
        return loaded;
    }

    /** Cameras that have ever sent something to this partition. */
    List<String> cameras() {
        List<String> cameras = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (entry.key.indexOf(SEPARATOR) < 0) {
                    cameras.add(entry.key);
                }
            }
        }
        return cameras;
    }

    /** Writes what changed since the last time. */
    void save(String camera) {
        CameraSessions changed = get(camera);
        Map<Long, Stored> before = stored.getOrDefault(camera, Map.of());
        Map<Long, Stored> now = new TreeMap<>();
        for (Track track : tracks(changed)) {
            long number = track.state.number;
            now.put(number, save(camera, track, before.getOrDefault(number, Stored.NOTHING)));
        }
        before.forEach((number, faces) -> {
            if (!now.containsKey(number)) {
                faces.faces().keySet().forEach(frame -> store.delete(key(camera, number, frame)));
            }
        });
        store.put(camera, StateCodec.encode(changed));
        stored.put(camera, now);
    }

    private Stored save(String camera, Track track, Stored before) {
        if (before.changes() == track.template.changes()) {
            return before;
        }
        Stored now = Stored.of(track.template);
        before.faces().keySet().stream()
                .filter(frame -> !now.faces().containsKey(frame))
                .forEach(frame -> store.delete(key(camera, track.state.number, frame)));
        now.faces().forEach((frame, face) -> {
            if (!face.equals(before.faces().get(frame))) {
                store.put(key(camera, track.state.number, frame), StateCodec.encode(face));
            }
        });
        return now;
    }

    /** Goes back to what was saved last: a record that failed half-way must not leave half of its effect. */
    void forget(String camera) {
        sessions.remove(camera);
        stored.remove(camera);
    }

    private KeptFace face(String camera, long track, long frame) {
        byte[] bytes = store.get(key(camera, track, frame));
        if (bytes == null) {
            throw new UnreadableStateException(
                    "the tracker's state of camera " + camera + " lacks frame " + frame + " of track " + track, null);
        }
        return StateCodec.decodeFace(bytes);
    }

    private static List<Track> tracks(CameraSessions sessions) {
        return sessions.current().map(Tracker::parts).orElse(List.of());
    }

    private static String key(String camera, long track, long frame) {
        return camera + SEPARATOR + track + SEPARATOR + frame;
    }
}
