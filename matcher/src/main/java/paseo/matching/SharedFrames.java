package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** What the stored faces say about who was seen together, beyond what the sequences' events said. */
final class SharedFrames {
    private SharedFrames() {}

    /** Puts the sequences that have a face in a frame of these into the table {@code sequence_conflict}. */
    static void remember(Connection connection, UUID[] sequences) throws SQLException {
        Sql.update(connection, """
                INSERT INTO sequence_conflict (sequence, other)
                SELECT DISTINCT s.id, o.id
                FROM sequence s
                JOIN sequence_face ours ON ours.session_id = s.session_id AND ours.sequence_no = s.no
                    AND ours.frame BETWEEN s.first_frame AND s.last_frame
                JOIN sequence_face theirs ON theirs.session_id = ours.session_id AND theirs.frame = ours.frame
                JOIN sequence o ON o.no = theirs.sequence_no
                WHERE s.id = ANY (?) AND o.no <> s.no
                    AND NOT EXISTS (SELECT FROM sequence_conflict c WHERE c.sequence = o.id AND c.other = s.id)
                ON CONFLICT DO NOTHING
                """, (Object) sequences);
    }
}
