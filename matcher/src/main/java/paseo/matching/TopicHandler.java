package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What is done with a topic's records. Storing them again must change nothing. */
interface TopicHandler<T> {
    /**
     * Told once of records that {@link #store} is given next, in one transaction or several. For what is better done
     * for all of them at once, where there is such a thing.
     */
    default void prepare(List<T> events) throws SQLException {}

    /**
     * Stores consecutive records of one partition in the open transaction, which also moves the consumed offset.
     *
     * @return what to do once that is committed: counting, waking
     */
    Runnable store(Connection connection, List<T> events) throws SQLException;

    /** Whether a transaction must end behind this record. */
    boolean endsTransaction(T event);
}
