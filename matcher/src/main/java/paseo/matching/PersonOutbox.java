package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.PersonEvent;
import paseo.events.Topic;
import paseo.events.Topics;

/** The table {@code person_outbox}: events about persons that wait to be published, already encoded. */
final class PersonOutbox implements Outbox<PersonEvent> {
    /** Sequences that one record tells of: some 400 kB of the megabyte that Kafka takes. */
    static final int MOST = 10_000;

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

    /** The first keeps the event's id, and the others count on from it. */
    @Override
    public List<PersonEvent> records(PersonEvent event) {
        int all = event.sequences().size();
        if (all <= MOST) {
            return List.of(event);
        }
        List<PersonEvent> records = new ArrayList<>();
        for (int from = 0; from < all; from += MOST) {
            String id = from == 0 ? event.id() : event.id() + "/" + (from / MOST + 1);
            records.add(part(event, id, event.sequences().subList(from, Math.min(all, from + MOST))));
        }
        return records;
    }

    private static PersonEvent part(PersonEvent event, String id, List<UUID> sequences) {
        return new PersonEvent(
                id,
                event.kind(),
                event.person(),
                event.other(),
                sequences,
                event.similarity(),
                event.cause(),
                event.reverts(),
                event.silhouette(),
                event.modelPack());
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
