package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import paseo.events.PersonEvent;
import paseo.events.Topic;
import paseo.events.Topics;

/** The table {@code person_outbox}: events about persons that wait to be published, already encoded. */
final class PersonOutbox implements Outbox<PersonEvent> {
    private final Connection connection;

    PersonOutbox(Connection connection) {
        this.connection = connection;
    }

    void add(PersonEvent event, OptionalLong session) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO person_outbox (session_id, event) VALUES (?, ?)",
                session,
                Topics.PERSONS.codec().encode(event));
    }

    @Override
    public Topic<PersonEvent> topic() {
        return Topics.PERSONS;
    }

    @Override
    public String key(PersonEvent event) {
        return Long.toString(event.person());
    }

    @Override
    public List<Waiting<PersonEvent>> waiting(int most) throws SQLException {
        return Sql.query(
                connection,
                "SELECT position, event FROM person_outbox ORDER BY position LIMIT ?",
                row -> new Waiting<>(row.getLong(1), Topics.PERSONS.codec().decode(row.getBytes(2))),
                most);
    }

    @Override
    public void remove(long[] positions) throws SQLException {
        Sql.update(connection, "DELETE FROM person_outbox WHERE position = ANY (?)", (Object) positions);
    }
}
