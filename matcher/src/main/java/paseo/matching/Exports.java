package paseo.matching;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * All sightings, or all sequences, that a filter lets through, oldest first; handed on as they are read, within one
 * transaction, so that memory does not grow with them. A filter's place and number are not looked at.
 */
public final class Exports {
    /** Decided sequences, as the API lists them. */
    private static final String SIGHTINGS = "SELECT " + Window.SIGHTING;

    /** Every sequence, those in view included: what was tracked, and what was made of it. */
    private static final String SEQUENCES = """
            SELECT s.id AS "sequence", c.camera AS "camera", c.epoch AS "epoch", coalesce(c.source, c.camera) AS "source",
                lower(coalesce(c.kind::text, 'FILE')) AS "kind", s.track AS "track", lower(s.phase::text) AS "phase",
                s.revision AS "revision", lower(s.close_reason::text) AS "closeReason",
                s.first_frame AS "firstFrame", s.last_frame AS "lastFrame",
                s.first_us / 1e6::float8 AS "startSeconds", s.last_us / 1e6::float8 AS "endSeconds",
                s.faces AS "faces", s.usable AS "usable", p.name AS "modelPack",
                s.decision::text AS "decision", s.person AS "person", s.decided_person AS "decidedPerson",
                s.early_person AS "earlyPerson", s.identified_us / 1e6::float8 AS "identifiedSeconds",
                s.similarity AS "similarity", s.runner_up AS "runnerUp", s.threshold AS "threshold",
                s.gallery_size AS "gallerySize", s.calibration AS "calibration", s.stored_at AS "storedAt"
            """;

    private static final String FROM_SIGHTINGS =
            " FROM sequence s JOIN camera_session c ON c.id = s.session_id WHERE s.decision IS NOT NULL AND ";
    private static final String FROM_SEQUENCES = " FROM sequence s JOIN camera_session c ON c.id = s.session_id"
            + " JOIN model_pack p ON p.id = coalesce(s.decided_pack, s.pack_id) WHERE ";
    private static final String FILTERED = "s.no BETWEEN ? AND ? AND (?::text IS NULL OR c.camera = ?) ORDER BY s.no";

    private static final int FETCH = 1_000;

    private final Database database;

    Exports(Database database) {
        this.database = database;
    }

    /** Decided sequences. */
    public void sightings(ListFilter filter, RowSink sink) {
        export(SIGHTINGS + FROM_SIGHTINGS + FILTERED, filter, sink);
    }

    /** Every sequence. */
    public void sequences(ListFilter filter, RowSink sink) {
        export(SEQUENCES + FROM_SEQUENCES + FILTERED, filter, sink);
    }

    private void export(String sql, ListFilter filter, RowSink sink) {
        database.asked("read from the database", connection -> {
            StoredBetween bounds = StoredBetween.of(connection, filter);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                // Rows come in parts only when they are asked for in parts, within a transaction.
                statement.setFetchSize(FETCH);
                Sql.bind(
                        statement,
                        bounds.from(),
                        bounds.to(),
                        filter.camera().orElse(null),
                        filter.camera().orElse(null));
                try (ResultSet rows = statement.executeQuery()) {
                    hand(rows, sink);
                }
            }
            return true;
        });
    }

    private static void hand(ResultSet rows, RowSink sink) throws SQLException {
        sink.columns(JsonRow.columns(rows.getMetaData()));
        while (rows.next()) {
            sink.row(JsonRow.of(rows));
        }
    }
}
