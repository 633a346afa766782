package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import paseo.events.Heartbeat;

/** The table {@code camera_session} as the two topics write it. */
final class SessionRows {
    private final Connection connection;
    /** Within one transaction only: what it made is gone when it is rolled back. */
    private final Map<SessionKey, Long> known = new HashMap<>();

    SessionRows(Connection connection) {
        this.connection = connection;
    }

    /** The id of a session, which is stored when it is new. */
    long idOf(String camera, long epoch) throws SQLException {
        SessionKey key = new SessionKey(camera, epoch);
        Long id = known.get(key);
        if (id == null) {
            Optional<Long> found = find(key);
            id = found.isPresent() ? found.get() : make(key);
            known.put(key, id);
        }
        return id;
    }

    private Optional<Long> find(SessionKey key) throws SQLException {
        return Sql.first(
                connection,
                "SELECT id FROM camera_session WHERE camera = ? AND epoch = ?",
                row -> row.getLong(1),
                key.camera(),
                key.epoch());
    }

    private long make(SessionKey key) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO camera_session (camera, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING",
                key.camera(),
                key.epoch());
        return find(key).orElseThrow(() -> new SQLException("session " + key + " was stored and is not there"));
    }

    /**
     * A sign of life on {@code detections}. Behind the last one, every face of the session is stored. One from before
     * what is known already is a late copy: it changes nothing, and a session that has sent everything has done so for
     * good. A beginning or an end counts whenever it comes, should the source's clock have been set back.
     *
     * @param madeMicros when it came into being, since 1970
     */
    void heartbeat(long session, Heartbeat heartbeat, long madeMicros) throws SQLException {
        Heartbeat.State state = heartbeat.state();
        Boolean complete = state.last() ? state == Heartbeat.State.ENDED : null;
        Sql.update(
                connection,
                """
                UPDATE camera_session
                SET source = ?, kind = ?::source_kind, width = ?, height = ?, frame_rate = ?, duration_us = ?,
                    state = ?::session_state, detail = ?, retention_s = ?, faces_complete = ?, heartbeat_us = ?
                WHERE id = ? AND faces_complete IS DISTINCT FROM true
                    AND (? OR heartbeat_us IS NULL OR heartbeat_us <= ?)
                """,
                heartbeat.source().name(),
                heartbeat.source().kind(),
                heartbeat.source().width(),
                heartbeat.source().height(),
                heartbeat.source().frameRate(),
                heartbeat.source().durationMicros(),
                state,
                heartbeat.detail(),
                heartbeat.source().retentionSeconds(),
                complete,
                madeMicros,
                session,
                state.last() || state == Heartbeat.State.STARTED,
                madeMicros);
    }

    /** Every sequence of the session has been decided. */
    void sequencesEnded(long session, boolean complete) throws SQLException {
        Sql.update(connection, "UPDATE camera_session SET sequences_complete = ? WHERE id = ?", complete, session);
    }
}
