package paseo.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    /** By camera and track (its number begins anew with each session): what the store holds of its template. */
    private final Map<String, Map<UUID, Stored>> stored = new HashMap<>();

    /**
     * Kept faces as they are in the store.
     *
     * @param number of the track
     * @param changes of the template when they were written
     * @param faces by frame
     */
    private record Stored(long number, int changes, Map<Long, KeptFace> faces) {
        static final Stored NOTHING = new Stored(-1, -1, Map.of());

        static Stored of(Track track) {
            Map<Long, KeptFace> faces = new LinkedHashMap<>();
            track.template.faces().forEach(face -> faces.put(face.frame(), face));
            return new Stored(track.state.number, track.template.changes(), faces);
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
        Map<UUID, Stored> ofTracks = new LinkedHashMap<>();
        tracks(loaded).forEach(track -> ofTracks.put(track.id, Stored.of(track)));
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
        Map<UUID, Stored> before = stored.getOrDefault(camera, Map.of());
        Map<UUID, Stored> now = new LinkedHashMap<>();
        for (Track track : tracks(changed)) {
            Stored old = before.getOrDefault(track.id, Stored.NOTHING);
            now.put(track.id, old.changes() == track.template.changes() ? old : Stored.of(track));
        }
        // Before anything is written: a new session's face may have the key of one of the session before.
        before.forEach((track, old) -> {
            Map<Long, KeptFace> kept = now.getOrDefault(track, Stored.NOTHING).faces();
            old.faces().keySet().stream()
                    .filter(frame -> !kept.containsKey(frame))
                    .forEach(frame -> store.delete(key(camera, old.number(), frame)));
        });
        now.forEach((track, kept) -> write(camera, kept, before.getOrDefault(track, Stored.NOTHING)));
        store.put(camera, StateCodec.encode(changed));
        stored.put(camera, now);
    }

    private void write(String camera, Stored now, Stored before) {
        if (before.changes() == now.changes()) {
            return;
        }
        now.faces().forEach((frame, face) -> {
            if (!face.equals(before.faces().get(frame))) {
                store.put(key(camera, now.number(), frame), StateCodec.encode(face));
            }
        });
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
