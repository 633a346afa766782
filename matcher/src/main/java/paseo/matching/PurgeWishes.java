package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What an erasure leaves to be done, noted in its transaction: records on the topics ({@link TopicPurge}) and bytes in
 * the files of tables ({@link TablePurge}), and keys ({@link KeyWishes}).
 */
final class PurgeWishes {
    /**
     * What is dropped and not erased by somebody's wish: to do it each time would leave the topics no history, and the
     * tables no rest.
     */
    static final Duration LATER = Duration.ofDays(1);

    private final Connection connection;

    PurgeWishes(Connection connection) {
        this.connection = connection;
    }

    /** All of these sequences; to be called before they are forgotten. */
    void sequences(List<Forgetting.Gone> gone, Duration delay) throws SQLException {
        for (List<Forgetting.Gone> batch : Forgetting.batches(gone)) {
            batch(batch, delay);
        }
        table("face", delay);
        table("person_centre", delay);
        topics(delay);
    }

    private void batch(List<Forgetting.Gone> gone, Duration delay) throws SQLException {
        Long[] nos = gone.stream().map(Forgetting.Gone::no).toArray(Long[]::new);
        List<String> templates = Sql.query(
                connection,
                "SELECT DISTINCT tableoid::regclass::text FROM template WHERE sequence_no = ANY (?)",
                row -> row.getString(1),
                (Object) nos);
        for (String table : templates) {
            table(table, delay);
        }
        keys(gone.stream().map(Forgetting.Gone::id).toArray(UUID[]::new), delay);
        faces(Forgetting.FACES, delay, (Object) nos);
    }

    /**
     * Keys that faces are under: those of others under the same are sealed anew before.
     *
     * @param which a query for sessions and frames, as {@code session_id} and {@code frame}
     */
    void faces(String which, Duration delay, Object... parameters) throws SQLException {
        Object[] all = new Object[parameters.length + 1];
        all[0] = delay.toSeconds();
        System.arraycopy(parameters, 0, all, 1, parameters.length);
        Sql.update(connection, """
                INSERT INTO key_wish (id, due)
                SELECT DISTINCT b.key, now() + make_interval(secs => ?)
                FROM (%s) AS f JOIN face_block b ON b.session_id = f.session_id AND b.number = f.frame / %d
                ON CONFLICT (id) DO UPDATE SET due = least(key_wish.due, excluded.due)
                """.formatted(which, FaceBlocks.FRAMES), all);
    }

    /**
     * Keys: what they have sealed can be read in no copy of the database once they are deleted, which is soon.
     *
     * @param delay after which their own table is written anew
     */
    void keys(UUID[] ids, Duration delay) throws SQLException {
        Sql.update(connection, """
                INSERT INTO key_wish (id, due) SELECT id, now() + make_interval(secs => ?) FROM unnest(?::uuid[]) AS k (id)
                ON CONFLICT (id) DO UPDATE SET due = least(key_wish.due, excluded.due)
                """, delay.toSeconds(), ids);
    }

    /** Whatever is on the topics when the delay is over. */
    void topics(Duration delay) throws SQLException {
        // One that is due in a while will see what this transaction has come from; one that is being done may not.
        Sql.update(connection, """
                INSERT INTO topic_wish (due)
                SELECT due FROM (SELECT now() + make_interval(secs => ?) AS due) AS mine
                WHERE NOT EXISTS (
                    SELECT FROM topic_wish w WHERE w.due > now() + interval '1 minute' AND w.due <= mine.due)
                """, delay.toSeconds());
    }

    /** A table from which this transaction deletes. */
    void table(String relation, Duration delay) throws SQLException {
        Sql.update(connection, """
                INSERT INTO table_purge (relation, due) VALUES (?, now() + make_interval(secs => ?))
                ON CONFLICT (relation, deleted_in) DO UPDATE SET due = least(table_purge.due, excluded.due)
                """, relation, delay.toSeconds());
    }
}
