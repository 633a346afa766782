package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Sequence;

/** The tables {@code sequence}, {@code sequence_face}, {@code sequence_conflict} and the outbox, for one session. */
final class SequenceRows {
    private final Connection connection;
    private final long session;
    private final short pack;

    SequenceRows(Connection connection, long session, short pack) {
        this.connection = connection;
        this.session = session;
        this.pack = pack;
    }

    /**
     * Brings a sequence up to an event. A closing one is stored as still open: {@link #close} follows.
     *
     * @return the sequence's internal number; empty when it has been decided, or is known better, and stays as it is
     */
    Optional<Long> update(Sequence event) throws SQLException {
        boolean closing = event.phase() == Sequence.Phase.CLOSED;
        return Sql.first(
                connection,
                """
                INSERT INTO sequence AS s
                    (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us, faces, usable,
                     pack_id)
                VALUES (?, ?, ?, ?::sequence_phase, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET phase = excluded.phase, revision = excluded.revision, last_frame = excluded.last_frame,
                    last_us = excluded.last_us, faces = excluded.faces, usable = excluded.usable
                WHERE s.phase <> 'CLOSED' AND (s.revision < excluded.revision OR ?)
                RETURNING no
                """,
                row -> row.getLong(1),
                event.id(),
                session,
                event.track(),
                closing ? Sequence.Phase.UPDATED : event.phase(),
                event.revision(),
                Math.toIntExact(event.firstFrame()),
                Math.toIntExact(event.lastFrame()),
                event.firstTimeMicros(),
                event.lastTimeMicros(),
                event.faceCount(),
                event.usableCount(),
                pack,
                closing);
    }

    void addMembers(long sequence, Sequence event) throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO sequence_face (session_id, frame, index, sequence_no)
                SELECT ?, frame, index, ? FROM unnest(?::integer[], ?::integer[]) AS m (frame, index)
                ON CONFLICT DO NOTHING
                """,
                session,
                sequence,
                event.newMembers().stream()
                        .mapToInt(member -> Math.toIntExact(member.frame()))
                        .toArray(),
                event.newMembers().stream().mapToInt(Sequence.Member::faceIndex).toArray());
    }

    void addConflicts(Sequence event) throws SQLException {
        if (event.seenWith().isEmpty()) {
            return;
        }
        Sql.update(connection, """
                INSERT INTO sequence_conflict (sequence, other)
                SELECT ?, other FROM unnest(?::uuid[]) AS c (other)
                ON CONFLICT DO NOTHING
                """, event.id(), event.seenWith().toArray(UUID[]::new));
    }

    /** Writes the one final decision, and puts the sighting into the outbox. */
    void close(
            long sequence, Sequence event, Verdict verdict, OptionalLong person, long gallerySize, String calibration)
            throws SQLException {
        Sql.update(
                connection,
                """
                UPDATE sequence
                SET phase = 'CLOSED', close_reason = ?::close_reason, decision = ?::decision, person = ?,
                    similarity = ?, runner_up = ?, threshold = ?, gallery_size = ?, calibration = ?
                WHERE no = ?
                """,
                event.closeReason(),
                verdict.decision(),
                person,
                verdict.similarity(),
                verdict.runnerUp(),
                verdict.threshold(),
                gallerySize,
                calibration,
                sequence);
        Sql.update(
                connection, "INSERT INTO sighting_outbox (sequence_no, session_id) VALUES (?, ?)", sequence, session);
    }
}
