package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
     * A sequence that is not decided, as it was stored.
     *
     * @param no its internal number
     * @param person whom it provisionally belongs to
     * @param founder whether that person was created for it
     * @param said whether a provisional decision was published
     * @param usable usable faces when it was last looked at, 0 before
     * @param claim how strong its claim on the person is, as in {@link CannotLink.Apart}
     */
    record Stored(long no, OptionalLong person, boolean founder, boolean said, int usable, double claim) {
        private static Stored of(ResultSet row) throws SQLException {
            boolean founder = "NEW".equals(row.getString("early_decision"));
            return new Stored(
                    row.getLong("no"),
                    Sql.optionalLong(row, "early_person"),
                    founder,
                    row.getString("early_decision") != null,
                    row.getInt("early_usable"),
                    founder
                            ? CannotLink.Apart.FOUNDER
                            : Sql.optionalDouble(row, "similarity").orElse(-1));
        }
    }

    /**
     * Brings a sequence up to an event. A closing one is stored as still open: {@link #close} follows.
     *
     * <p>Only one that is new takes a number: a default would be taken by each event, whatever becomes of its row, and
     * the partitions of the gallery, which are so many numbers wide, would hold a tenth of what they are made for.
     *
     * @return the sequence; empty when it has been decided, is known better and stays as it is, or was erased
     */
    Optional<Stored> update(Sequence event) throws SQLException {
        boolean closing = event.phase() == Sequence.Phase.CLOSED;
        return Sql.first(
                connection,
                """
                INSERT INTO sequence AS s
                    (no, id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us, faces,
                     usable, pack_id)
                OVERRIDING SYSTEM VALUE
                SELECT coalesce((SELECT no FROM sequence WHERE id = ?), nextval('sequence_no_seq')),
                    ?, ?, ?, ?::sequence_phase, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT FROM erased_sequence WHERE id = ?)
                ON CONFLICT (id) DO UPDATE
                SET phase = excluded.phase, revision = excluded.revision, last_frame = excluded.last_frame,
                    last_us = excluded.last_us, faces = excluded.faces, usable = excluded.usable
                WHERE s.phase <> 'CLOSED' AND (s.revision < excluded.revision OR ?)
                RETURNING no, early_decision, early_person, early_usable, similarity
                """,
                Stored::of,
                event.id(),
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
                event.id(),
                closing);
    }

    void addMembers(long sequence, Sequence event) throws SQLException {
        Sql.update(connection, """
                INSERT INTO sequence_face (session_id, frame, index, sequence_no)
                SELECT ?, frame, index, ? FROM unnest(?::integer[], ?::integer[]) AS m (frame, index)
                ON CONFLICT DO NOTHING
                """, session, sequence, frames(event), indexes(event));
    }

    /**
     * Where a sequence was erased while it was in view, has its new faces deleted, too, and what the topics hold of it
     * once it is over. Where its time was over before, the topics go by their own.
     */
    void refuse(Sequence event) throws SQLException {
        List<Boolean> expired = Sql.query(
                connection, "SELECT expired FROM erased_sequence WHERE id = ?", row -> row.getBoolean(1), event.id());
        if (!expired.isEmpty()) {
            Sql.update(connection, """
                    INSERT INTO unwanted_face
                    SELECT ?, frame, index FROM unnest(?::integer[], ?::integer[]) AS m (frame, index)
                    ON CONFLICT DO NOTHING
                    """, session, frames(event), indexes(event));
            if (event.phase() == Sequence.Phase.CLOSED) {
                if (!expired.get(0)) {
                    new PurgeWishes(connection).topics(Duration.ZERO);
                }
                // One may have been made before it was known that it is not needed.
                new PurgeWishes(connection).keys(new UUID[] {event.id()}, PurgeWishes.LATER);
            }
        }
    }

    private static int[] frames(Sequence event) {
        return event.newMembers().stream()
                .mapToInt(member -> Math.toIntExact(member.frame()))
                .toArray();
    }

    private static int[] indexes(Sequence event) {
        return event.newMembers().stream().mapToInt(Sequence.Member::faceIndex).toArray();
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

    /** Notes that a sequence was looked at and keeps its provisional decision. */
    void looked(long sequence, int usable) throws SQLException {
        Sql.update(connection, "UPDATE sequence SET early_usable = ? WHERE no = ?", usable, sequence);
    }

    /** Writes a provisional decision, and puts it into the outbox. */
    void claim(long sequence, Sequence event, Judgement judgement, OptionalLong person) throws SQLException {
        Verdict verdict = judgement.verdict();
        Sql.update(
                connection,
                """
                UPDATE sequence
                SET early_decision = ?::decision, early_person = ?, early_usable = ?, identified_us = ?,
                    similarity = ?, runner_up = ?, threshold = ?, gallery_size = ?, calibration = ?
                WHERE no = ?
                """,
                verdict.decision(),
                person,
                event.usableCount(),
                person.isPresent() ? OptionalLong.of(event.timeMicros()) : OptionalLong.empty(),
                verdict.similarity(),
                verdict.runnerUp(),
                verdict.threshold(),
                judgement.gallerySize(),
                judgement.calibration(),
                sequence);
        say(sequence, true);
    }

    /** Takes a provisional person away from a sequence, which is not the event's, and says so. */
    void revoke(long sequence) throws SQLException {
        Sql.update(connection, """
                UPDATE sequence SET early_decision = 'UNDECIDED', early_person = NULL, identified_us = NULL
                WHERE no = ?
                """, sequence);
        say(sequence, true);
    }

    /** Writes the one final decision, and puts it into the outbox. */
    void close(long sequence, Sequence event, Judgement judgement, OptionalLong person) throws SQLException {
        Verdict verdict = judgement.verdict();
        Sql.update(
                connection,
                """
                UPDATE sequence
                SET phase = 'CLOSED', close_reason = ?::close_reason, decision = ?::decision, person = d.person, decided_person = d.person,
                    identified_us = CASE WHEN early_person = d.person THEN identified_us
                                         WHEN d.person IS NOT NULL THEN d.us END,
                    early_decision = NULL, early_person = NULL, early_usable = NULL,
                    similarity = ?, runner_up = ?, threshold = ?, gallery_size = ?, calibration = ?, cohort_offset = ?
                FROM (SELECT ?::bigint AS person, ?::bigint AS us) AS d
                WHERE no = ?
                """,
                event.closeReason(),
                verdict.decision(),
                verdict.similarity(),
                verdict.runnerUp(),
                verdict.threshold(),
                judgement.gallerySize(),
                judgement.calibration(),
                judgement.offset(),
                person,
                event.timeMicros(),
                sequence);
        say(sequence, false);
    }

    /** A sighting is a copy: what is said does not change while it waits. */
    private void say(long sequence, boolean provisional) throws SQLException {
        Sql.update(connection, """
                WITH said AS (
                    UPDATE sequence SET sightings = sightings + 1 WHERE no = ? RETURNING *
                )
                INSERT INTO sighting_outbox (sequence_no, session_id, provisional, revision, last_frame, last_us, faces,
                    usable, decision, person, similarity, runner_up, threshold, gallery_size, calibration,
                    identified_us)
                SELECT no, session_id, ?, sightings - 1, last_frame, last_us, faces,
                    usable, coalesce(decision, early_decision), coalesce(person, early_person), similarity, runner_up,
                    threshold, gallery_size, calibration, identified_us
                FROM said
                """, sequence, provisional);
    }
}
