package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the vectors of faces that programs before V14 have stored in plain, block by block, and then writes the table
 * anew without them. A program that is killed amid it leaves what the next one goes on with.
 */
final class PlainFaces {
    private static final Logger log = LoggerFactory.getLogger(PlainFaces.class);

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Database database;

    PlainFaces(Database database) {
        this.database = database;
    }

    /** Whether there are any. */
    static boolean there(Connection connection) throws SQLException {
        return Sql.one(connection, """
                SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute
                    WHERE attrelid = 'face'::regclass AND attname = 'embedding' AND NOT attisdropped)
                """, row -> row.getBoolean(1));
    }

    /** @param connection not committing by itself */
    void seal(Connection connection) throws SQLException {
        List<FaceBlocks.Block> blocks = Sql.query(
                connection,
                "SELECT DISTINCT session_id, frame / ? FROM face WHERE embedding IS NOT NULL ORDER BY 1, 2",
                row -> new FaceBlocks.Block(row.getLong(1), row.getInt(2)),
                FaceBlocks.FRAMES);
        connection.commit();
        log.info("faces of {} blocks of frames are sealed", blocks.size());
        long told = System.nanoTime();
        for (int done = 0; done < blocks.size(); done++) {
            seal(connection, blocks.get(done));
            connection.commit();
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                log.info("{} of {} blocks of frames are sealed", done + 1, blocks.size());
            }
        }
        Sql.update(connection, "ALTER TABLE face DROP COLUMN embedding");
        new PurgeWishes(connection).table("face", Duration.ZERO);
        connection.commit();
        new TablePurge(database).round(true);
    }

    private void seal(Connection connection, FaceBlocks.Block block) throws SQLException {
        FaceBlocks.Key key = Objects.requireNonNull(
                new FaceBlocks(connection, database.keys()).take(List.of(block)).get(block));
        record Place(int frame, int index) {}
        Map<Place, String> sealed = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT frame, index, halfvec_send(embedding) FROM face
                WHERE session_id = ? AND frame >= ? AND frame < ? AND embedding IS NOT NULL
                """,
                row -> sealed.put(
                        new Place(row.getInt(1), row.getInt(2)),
                        KeyDatabase.text(key.close(Halves.sent(row.getBytes(3)), row.getInt(1), row.getInt(2)))),
                block.session(),
                block.number() * FaceBlocks.FRAMES,
                (block.number() + 1) * FaceBlocks.FRAMES);
        List<Place> places = List.copyOf(sealed.keySet());
        Sql.update(
                connection,
                """
                UPDATE face f SET sealed = s.sealed, embedding = NULL
                FROM unnest(?::integer[], ?::smallint[], ?::bytea[]) AS s (frame, index, sealed)
                WHERE f.session_id = ? AND f.frame = s.frame AND f.index = s.index
                """,
                places.stream().map(Place::frame).toArray(Integer[]::new),
                places.stream().map(Place::index).toArray(Integer[]::new),
                places.stream().map(sealed::get).toArray(String[]::new),
                block.session());
    }
}
