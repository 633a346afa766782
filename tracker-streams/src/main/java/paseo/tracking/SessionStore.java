package paseo.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** By camera: the faces in the store, by key. */
    private final Map<String, Map<String, KeptFace>> stored = new HashMap<>();

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
        stored.put(camera, keptFaces(camera, loaded));
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
        Map<String, KeptFace> before = stored.getOrDefault(camera, Map.of());
        Map<String, KeptFace> now = keptFaces(camera, changed);
        before.keySet().stream().filter(key -> !now.containsKey(key)).sorted().forEach(store::delete);
        now.forEach((key, face) -> {
            if (!face.equals(before.get(key))) {
                store.put(key, StateCodec.encode(face));
            }
        });
        store.put(camera, StateCodec.encode(changed));
        stored.put(camera, now);
    }

    /** Goes back to what was saved last: a record that failed half-way must not leave half of its effect. */
    void forget(String camera) {
        sessions.remove(camera);
        stored.remove(camera);
    }

    private KeptFace face(String camera, long track, long frame) {
        byte[] bytes = store.get(key(camera, track, frame));
        if (bytes == null) {
            throw new IllegalStateException(
                    "the tracker's state of camera " + camera + " lacks frame " + frame + " of track " + track);
        }
        return StateCodec.decodeFace(bytes);
    }

    private static Map<String, KeptFace> keptFaces(String camera, CameraSessions sessions) {
        Map<String, KeptFace> faces = new LinkedHashMap<>();
        sessions.current()
                .ifPresent(tracker -> tracker.tracks()
                        .forEach(track -> track.template
                                .faces()
                                .forEach(face -> faces.put(key(camera, track.state.number, face.frame()), face))));
        return faces;
    }

    private static String key(String camera, long track, long frame) {
        return camera + SEPARATOR + track + SEPARATOR + frame;
    }
}
