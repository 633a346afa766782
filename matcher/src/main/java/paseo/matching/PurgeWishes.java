package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What an erasure leaves to be done, noted in its transaction: records on the topics ({@link TopicPurge}) and bytes in
 * the files of tables ({@link TablePurge}).
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
        Long[] nos = gone.stream().map(Forgetting.Gone::no).toArray(Long[]::new);
        List<String> templates = Sql.query(
                connection,
                "SELECT DISTINCT tableoid::regclass::text FROM template WHERE sequence_no = ANY (?)",
                row -> row.getString(1),
                (Object) nos);
        for (String table : templates) {
            table(table, delay);
        }
        table("face", delay);
        table("person", delay);
        topics(delay);
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
