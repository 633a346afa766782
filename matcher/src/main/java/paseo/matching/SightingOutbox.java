package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import paseo.events.Decision;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.events.Topics;

/** The table {@code sighting_outbox}: what was decided and waits to be published. */
final class SightingOutbox implements Outbox<Sighting> {
    private final Connection connection;

    SightingOutbox(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Topic<Sighting> topic() {
        return Topics.SIGHTINGS;
    }

    @Override
    public String key(Sighting sighting) {
        return sighting.sequenceId().toString();
    }

    @Override
    public void remove(long[] positions) throws SQLException {
        Sql.update(connection, "DELETE FROM sighting_outbox WHERE position = ANY (?)", (Object) positions);
    }

    /** A sighting names its source, which is known once the other topic's reader has come to the session's start. */
    @Override
    public List<Waiting<Sighting>> waiting(int most) throws SQLException {
        return Sql.query(connection, """
                SELECT o.*, s.id, s.first_frame, s.first_us,
                       c.camera, c.epoch, coalesce(c.source, c.camera) AS source, p.name AS pack
                FROM sighting_outbox o
                JOIN sequence s ON s.no = o.sequence_no
                JOIN camera_session c ON c.id = o.session_id
                JOIN model_pack p ON p.id = coalesce(s.decided_pack, s.pack_id)
                WHERE c.source IS NOT NULL OR c.sequences_complete IS NOT NULL AND c.faces_complete IS NOT NULL
                ORDER BY o.position
                LIMIT ?
                """, row -> new Waiting<>(row.getLong("position"), sighting(row)), most);
    }

    private static Sighting sighting(ResultSet row) throws SQLException {
        return new Sighting(
                row.getObject("id", UUID.class),
                Sql.constant(row, "decision", Decision.class),
                row.getLong("person"),
                row.getString("camera"),
                row.getLong("epoch"),
                row.getString("source"),
                row.getLong("first_frame"),
                row.getLong("last_frame"),
                row.getLong("first_us") / 1e6,
                row.getLong("last_us") / 1e6,
                row.getInt("faces"),
                row.getInt("usable"),
                Sql.optionalDouble(row, "similarity"),
                Sql.optionalDouble(row, "runner_up"),
                Sql.optionalDouble(row, "threshold"),
                row.getLong("gallery_size"),
                row.getString("calibration"),
                row.getString("pack"),
                row.getBoolean("provisional"),
                Sql.seconds(row, "identified_us"),
                row.getInt("revision"));
    }
}
