package paseo.matching;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How cameras are and what they have just seen. Rows are JSON objects as the API's document describes them. */
public final class CameraViews {
    private final Database database;

    CameraViews(Database database) {
        this.database = database;
    }

    /** Cameras and files, each with how its latest session is. */
    public Page list(long before, int most) {
        return JsonRow.page(database, """
                SELECT c.id AS key, c.camera AS "camera", coalesce(c.source, c.camera) AS "source",
                    lower(coalesce(c.kind::text, 'FILE')) AS "kind", c.epoch AS "epoch",
                    lower(c.state::text) AS "state", c.detail AS "detail", c.width AS "width", c.height AS "height",
                    c.frame_rate AS "frameRate", nullif(c.retention_s, 0) AS "retentionSeconds",
                    c.frames AS "frames", c.frames_dropped AS "framesDropped",
                    c.faces AS "faces", latest.ingest_us / 1e6::float8 AS "lastFrameSeconds",
                    minute.faces AS "facesLastMinute"
                FROM camera_session c
                LEFT JOIN LATERAL (
                    SELECT f.ingest_us FROM frame f WHERE f.session_id = c.id ORDER BY f.number DESC LIMIT 1) AS latest
                    ON true
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(f.face_count), 0)::integer AS faces FROM (
                        -- Of a file, or a camera that has ended, nothing is looked at.
                        SELECT f.face_count, f.ingest_us FROM frame f
                        WHERE f.session_id = c.id AND latest.ingest_us > extract(epoch FROM now()) * 1e6 - 60e6
                        ORDER BY f.number DESC LIMIT 600) AS f
                    WHERE f.ingest_us > extract(epoch FROM now()) * 1e6 - 60e6) AS minute
                WHERE c.id IN (SELECT max(id) FROM camera_session GROUP BY camera) AND c.id < ?
                ORDER BY c.id DESC LIMIT ?
                """, most, before, most + 1);
    }

    /** The latest frame of a session that was stored with its faces; empty when there is none. */
    public OptionalLong latestFrame(String camera, long epoch) {
        return database.asked(
                "read from the database",
                connection -> Sql.first(connection, """
                        SELECT f.number FROM camera_session c JOIN frame f ON f.session_id = c.id
                        WHERE c.camera = ? AND c.epoch = ? ORDER BY f.number DESC LIMIT 1
                        """, row -> OptionalLong.of(row.getLong(1)), camera, epoch)
                        .orElse(OptionalLong.empty()));
    }

    /**
     * The boxes of a frame and of those shortly before, newest first, each with whose it is where that is known yet.
     *
     * @param frames how many frames
     */
    public List<Map<String, @Nullable Object>> boxes(String camera, long epoch, long frame, int frames) {
        return database.asked(
                "read from the database",
                connection -> Sql.query(connection, """
                        SELECT f.frame AS "frame", ARRAY[f.x, f.y, f.width, f.height] AS "box",
                            f.usability = 'USABLE' AS "usable", s.id AS "sequence",
                            coalesce(s.person, s.early_person) AS "person"
                        FROM camera_session c JOIN face f ON f.session_id = c.id
                        LEFT JOIN sequence_face m
                            ON m.session_id = f.session_id AND m.frame = f.frame AND m.index = f.index
                        LEFT JOIN sequence s ON s.no = m.sequence_no
                        WHERE c.camera = ? AND c.epoch = ? AND f.frame BETWEEN ? AND ?
                        ORDER BY f.frame DESC, f.index LIMIT 500
                        """, JsonRow::of, camera, epoch, frame - frames + 1, frame));
    }
}
