package paseo.matching;

import java.sql.SQLException;

/**
 * Does at once, and whatever it costs, what erasures have left to do in the database's files; for whoever has the
 * database alone. Otherwise a running matcher does it in its own time.
 */
public final class Purge {
    private final Database database;

    Purge(Database database) {
        this.database = database;
    }

    /** How it is with the files of the database. */
    public enum Files {
        /** Nothing of what was erased is in the files of tables, nor in the write-ahead log. */
        CLEAR,
        /** Nothing is in the files of tables; the write-ahead log is overwritten in its own time. */
        CLEAR_BUT_LOG,
        /** Somebody uses a table, or still sees what was deleted. */
        IN_USE
    }

    /**
     * Deletes the keys of who is erased, after which nothing of theirs can be read in a copy of the database; their own
     * files are {@link #tables}' concern.
     *
     * @throws UnusableDatabaseException if a database fails
     */
    public void keys() {
        try {
            new KeyWishes(database).grant();
        } catch (SQLException e) {
            throw new UnusableDatabaseException(SqlFaults.passing(e), "cannot delete keys: " + e.getMessage(), e);
        }
    }

    /**
     * Deletes the keys of who is erased, and writes every table anew from which something was.
     *
     * @throws UnusableDatabaseException if the database fails
     */
    public Files tables() {
        try {
            new KeyWishes(database).grant();
            TablePurge.Done keys = new TablePurge(database.keys().database()).round(true);
            TablePurge.Done done = new TablePurge(database).round(true);
            if (done.waiting() || keys.waiting()) {
                return Files.IN_USE;
            }
            return done.logLeftBehind() ? Files.CLEAR : Files.CLEAR_BUT_LOG;
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e), "cannot write the tables anew: " + e.getMessage(), e);
        }
    }

    /** Whether every session is over and everything of it is stored: then the topics with faces are mere history. */
    public boolean quiet() {
        return database.asked(
                "look for sessions that are not over",
                connection -> Sql.one(
                        connection,
                        "SELECT NOT EXISTS (SELECT FROM camera_session"
                                + " WHERE faces_complete IS NULL OR sequences_complete IS NULL)",
                        row -> row.getBoolean(1)));
    }

    /** Notes that the topics with faces are empty. */
    public void topicsAreEmpty() {
        database.asked("note that the topics are empty", connection -> {
            Sql.update(connection, "DELETE FROM topic_wish");
            return Sql.update(connection, "DELETE FROM topic_purge");
        });
    }
}
