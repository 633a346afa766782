package paseo.matching;

import java.sql.SQLException;
import java.util.List;
import paseo.events.Topic;

/** What waits to be published on a topic, within one transaction. */
interface Outbox<T> {
    /** An event and its place in the order. */
    record Waiting<T>(long position, T event) {}

    Topic<T> topic();

    /** The key of an event's record. */
    String key(T event);

    /** An event as it is sent: in several records where one would be larger than Kafka takes. */
    default List<T> records(T event) {
        return List.of(event);
    }

    /** The next events that can be published. */
    List<Waiting<T>> waiting(int most) throws SQLException;

    /** Forgets events that were published. */
    void remove(long[] positions) throws SQLException;
}
