package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import paseo.events.Box;
import paseo.events.Decision;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Usability;

/**
 * The read side of the database. Everything comes in a fixed order and without times of this machine, so that two runs
 * over the same files read the same (I1): sessions in the order in which they arrived, within one by frame.
 * Thread-safe.
 *
 * <p>Every method throws {@link UnusableDatabaseException} when the database fails.
 */
public final class Archive implements AutoCloseable {
    private static final String SIGHTINGS = """
            SELECT s.*, c.camera, c.epoch, coalesce(c.source, c.camera) AS source, p.name AS pack
            FROM sequence s
            JOIN camera_session c ON c.id = s.session_id
            JOIN model_pack p ON p.id = coalesce(s.decided_pack, s.pack_id)
            WHERE s.decision IS NOT NULL AND (%s)
            ORDER BY s.session_id, s.first_frame, s.track
            """;

    /** Files have no common clock: their sessions' order stands for it. Cameras have. */
    private static final String PEOPLE = """
            SELECT p.*, total.sequences, total.faces,
                   first.id AS earliest_sequence, first.source AS first_source, first.us AS first_us,
                   last.source AS last_source, last.us AS last_us
            FROM person p
            CROSS JOIN LATERAL (
                SELECT count(*) AS sequences, sum(s.faces) AS faces FROM sequence s WHERE s.person = p.number) AS total
            CROSS JOIN LATERAL (
                SELECT s.id, coalesce(c.source, c.camera) AS source, s.first_us AS us
                FROM sequence s JOIN camera_session c ON c.id = s.session_id
                WHERE s.person = p.number
                ORDER BY CASE WHEN c.kind = 'CAMERA' THEN 0 ELSE c.id END, s.first_us, s.track
                LIMIT 1) AS first
            CROSS JOIN LATERAL (
                SELECT coalesce(c.source, c.camera) AS source, s.last_us AS us
                FROM sequence s JOIN camera_session c ON c.id = s.session_id
                WHERE s.person = p.number
                ORDER BY CASE WHEN c.kind = 'CAMERA' THEN 0 ELSE c.id END DESC, s.last_us DESC, s.track DESC
                LIMIT 1) AS last
            WHERE p.merged_into IS NULL AND %s
            ORDER BY p.number
            """;

    private static final String PROTOTYPES = """
            SELECT t.*, s.id, coalesce(c.source, c.camera) AS source
            FROM template t
            JOIN sequence s ON s.no = t.sequence_no AND s.pack_id = t.pack_id
            JOIN camera_session c ON c.id = s.session_id
            WHERE t.ordinal > 0 AND s.decision IS NOT NULL AND %s
            ORDER BY s.session_id, s.first_frame, s.track, t.ordinal
            """;

    private static final int ATTEMPTS = 3;

    private final Database database;
    private final String address;

    private Archive(Database database, String address) {
        this.database = database;
        this.address = address;
    }

    /** Connects, and makes the tables where there are none yet. */
    public static Archive open(DatabaseSettings settings) {
        return new Archive(Database.open(settings), settings.address());
    }

    /** How far a session has come. */
    public SessionState session(String camera, long epoch) {
        return read(connection -> Sql.first(connection, """
                        SELECT c.*, total.sequences, total.persons,
                               EXISTS (SELECT FROM sighting_outbox o WHERE o.session_id = c.id)
                                   OR EXISTS (SELECT FROM person_outbox o WHERE o.session_id = c.id) AS unpublished
                        FROM camera_session c
                        CROSS JOIN LATERAL (
                            SELECT count(*) AS sequences, count(DISTINCT s.person) AS persons
                            FROM sequence s WHERE s.session_id = c.id AND s.decision IS NOT NULL) AS total
                        WHERE c.camera = ? AND c.epoch = ?
                        """, Archive::sessionState, camera, epoch))
                .orElse(SessionState.UNKNOWN);
    }

    /** A session that broke off and was taken up again has two ends on each topic: they must speak of the same one. */
    private static SessionState sessionState(ResultSet row) throws SQLException {
        Boolean facesComplete = row.getObject("faces_complete", Boolean.class);
        Boolean sequencesComplete = row.getObject("sequences_complete", Boolean.class);
        boolean finished =
                facesComplete != null && facesComplete.equals(sequencesComplete) && !row.getBoolean("unpublished");
        return new SessionState(
                finished ? SessionState.Phase.FINISHED : SessionState.Phase.RUNNING,
                finished && Boolean.TRUE.equals(facesComplete),
                row.getLong("frames"),
                row.getLong("frames_dropped"),
                row.getLong("faces"),
                row.getLong("sequences"),
                row.getLong("persons"));
    }

    /** Everybody, by number. */
    public List<PersonSummary> people() {
        return read(connection -> people(connection, "true"));
    }

    /** One person, also by a number that has become another name of theirs. */
    public Optional<PersonDetail> person(long number) {
        return read(connection -> {
            long person = successor(connection, number);
            List<PersonSummary> found = people(connection, "p.number = ?", person);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            List<SightingRow> sightings =
                    Sql.query(connection, SIGHTINGS.formatted("s.person = ?"), Archive::sighting, person);
            return Optional.of(new PersonDetail(found.get(0), sightings));
        });
    }

    /** Whom a number means by now: itself, or who it was merged into; empty when it was never given. */
    public OptionalLong resolve(long number) {
        return read(connection -> {
            boolean given = Sql.first(connection, "SELECT 1 FROM person WHERE number = ?", row -> true, number)
                    .isPresent();
            return given ? OptionalLong.of(successor(connection, number)) : OptionalLong.empty();
        });
    }

    private static long successor(Connection connection, long number) throws SQLException {
        return Sql.first(connection, """
                        WITH RECURSIVE name AS (
                            SELECT number, merged_into FROM person WHERE number = ?
                            UNION
                            SELECT p.number, p.merged_into FROM person p JOIN name ON p.number = name.merged_into
                        )
                        SELECT number FROM name WHERE merged_into IS NULL
                        """, row -> row.getLong(1), number).orElse(number);
    }

    private static List<PersonSummary> people(Connection connection, String condition, Object... parameters)
            throws SQLException {
        return Sql.query(
                connection,
                PEOPLE.formatted(condition),
                row -> new PersonSummary(
                        row.getLong("number"),
                        row.getObject("earliest_sequence", UUID.class),
                        new Moment(row.getString("first_source"), row.getLong("first_us") / 1e6),
                        new Moment(row.getString("last_source"), row.getLong("last_us") / 1e6),
                        row.getLong("sequences"),
                        row.getLong("faces"),
                        new Cohesion(
                                Sql.optionalDouble(row, "silhouette"),
                                Sql.optionalLong(row, "nearest"),
                                Sql.optionalDouble(row, "nearest_similarity"))),
                parameters);
    }

    /** The decided sequences of sessions, in the order of sessions and frames. */
    public List<SightingRow> sightings(SessionFilter filter) {
        return read(connection -> Sql.query(
                connection,
                SIGHTINGS.formatted("? OR (c.camera, c.epoch) IN (SELECT * FROM unnest(?::text[], ?::bigint[]))"),
                Archive::sighting,
                filter.unrestricted(),
                filter.cameras(),
                filter.epochs()));
    }

    private static SightingRow sighting(ResultSet row) throws SQLException {
        return new SightingRow(
                row.getObject("id", UUID.class),
                Sql.optionalLong(row, "person"),
                row.getString("camera"),
                row.getLong("epoch"),
                row.getString("source"),
                row.getLong("first_frame"),
                row.getLong("last_frame"),
                row.getLong("first_us") / 1e6,
                row.getLong("last_us") / 1e6,
                row.getInt("faces"),
                row.getInt("usable"),
                Sql.constant(row, "decision", Decision.class),
                Sql.optionalLong(row, "decided_person"),
                Sql.optionalDouble(row, "similarity"),
                Sql.optionalDouble(row, "runner_up"),
                Sql.optionalDouble(row, "threshold"),
                row.getLong("gallery_size"),
                row.getString("calibration"),
                row.getString("pack"),
                Sql.seconds(row, "identified_us"));
    }

    /**
     * The faces of sessions, in the order of sessions, frames and places in the frame. They are handed on as they are
     * read, within one transaction: the consumer should not linger.
     */
    public void faces(SessionFilter filter, Consumer<FaceRow> consumer) {
        FaceKeys opener = new FaceKeys(database.keys());
        try {
            database.transaction(connection -> {
                Sql.stream(
                        connection,
                        """
                    SELECT f.*, c.camera, c.epoch, coalesce(c.source, c.camera) AS source, r.capture_us,
                           s.id AS sequence, s.person, b.key
                    FROM face f
                    JOIN camera_session c ON c.id = f.session_id
                    JOIN frame r ON r.session_id = f.session_id AND r.number = f.frame
                    LEFT JOIN sequence_face m
                        ON m.session_id = f.session_id AND m.frame = f.frame AND m.index = f.index
                    LEFT JOIN sequence s ON s.no = m.sequence_no
                    LEFT JOIN face_block b ON b.session_id = f.session_id AND b.number = f.frame / %d
                    WHERE ? OR (c.camera, c.epoch) IN (SELECT * FROM unnest(?::text[], ?::bigint[]))
                    ORDER BY f.session_id, f.frame, f.index
                    """.formatted(FaceBlocks.FRAMES),
                        row -> face(row, opener),
                        consumer,
                        filter.unrestricted(),
                        filter.cameras(),
                        filter.epochs());
                return true;
            });
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static FaceRow face(ResultSet row, FaceKeys opener) throws SQLException {
        byte[] sealed = row.getBytes("sealed");
        UUID key = row.getObject("key", UUID.class);
        Optional<Halves> vector = sealed == null || key == null
                ? Optional.empty()
                : opener.open(key, sealed, row.getInt("frame"), row.getInt("index"));
        return new FaceRow(
                row.getString("camera"),
                row.getLong("epoch"),
                row.getString("source"),
                row.getLong("frame"),
                row.getInt("index"),
                row.getLong("capture_us") / 1e6,
                new Box(row.getFloat("x"), row.getFloat("y"), row.getFloat("width"), row.getFloat("height")),
                row.getFloat("score"),
                pose(row),
                row.getFloat("quality"),
                Sql.constant(row, "usability", Usability.class),
                vector.map(halves -> Embedding.normalised(halves.toArray())),
                Optional.ofNullable(row.getObject("sequence", UUID.class)),
                Sql.optionalLong(row, "person"));
    }

    /** The best faces of a person, sequence by sequence in the order of {@link #sightings}. */
    public List<PrototypeRow> prototypes(long person) {
        return read(connection -> prototypes(connection, "t.person = ?", person));
    }

    /** The best faces of a sequence, whether it belongs to a person or not. */
    public List<PrototypeRow> prototypes(UUID sequence) {
        return read(connection -> prototypes(connection, "s.id = ?", sequence));
    }

    private record Shot(long sequence, int ordinal, Function<ByteBuffer, PrototypeRow> row) {}

    private List<PrototypeRow> prototypes(Connection connection, String condition, Object parameter)
            throws SQLException {
        GalleryFill.require(connection);
        List<Shot> shots = Sql.query(connection, PROTOTYPES.formatted(condition), Archive::prototype, parameter);
        Map<Long, SortedMap<Integer, ByteBuffer>> pictures = new SealedRows(connection)
                .pictures(database.keys(), shots.stream().map(Shot::sequence).toList());
        return shots.stream()
                .flatMap(shot -> Optional.ofNullable(pictures.get(shot.sequence()))
                        .map(pictured -> pictured.get(shot.ordinal()))
                        .map(shot.row())
                        .stream())
                .toList();
    }

    private static Shot prototype(ResultSet row) throws SQLException {
        PrototypeRow known = new PrototypeRow(
                row.getObject("id", UUID.class),
                Sql.optionalLong(row, "person"),
                row.getInt("ordinal"),
                row.getString("source"),
                row.getLong("frame"),
                row.getInt("face_index"),
                row.getLong("capture_us") / 1e6,
                row.getFloat("quality"),
                pose(row),
                ByteBuffer.allocate(0));
        return new Shot(row.getLong("sequence_no"), row.getInt("ordinal"), known::with);
    }

    private static Pose pose(ResultSet row) throws SQLException {
        return new Pose(row.getFloat("yaw"), row.getFloat("pitch"), row.getFloat("roll"));
    }

    /** What the database holds. */
    public Counts counts() {
        return read(connection -> Sql.one(
                connection,
                """
                SELECT (SELECT count(*) FROM camera_session) AS sessions,
                       (SELECT coalesce(sum(frames), 0) FROM camera_session) AS frames,
                       (SELECT coalesce(sum(faces), 0) FROM camera_session) AS faces,
                       (SELECT count(*) FROM sequence WHERE decision IS NOT NULL) AS sequences,
                       (SELECT count(*) FROM person p WHERE EXISTS (SELECT FROM sequence s WHERE s.person = p.number))
                           AS persons
                """,
                row -> new Counts(
                        row.getLong("sessions"),
                        row.getLong("frames"),
                        row.getLong("faces"),
                        row.getLong("sequences"),
                        row.getLong("persons"))));
    }

    /** A read may be repeated: a server that was restarted leaves the pool with dead connections. */
    private <T> T read(Database.Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.transaction(work);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !SqlFaults.passing(e)) {
                    throw unreadable(e);
                }
            }
        }
    }

    private UnusableDatabaseException unreadable(SQLException e) {
        return new UnusableDatabaseException(
                SqlFaults.passing(e), "cannot read from " + address + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        database.close();
    }
}
