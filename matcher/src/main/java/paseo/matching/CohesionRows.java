package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import paseo.events.PersonEvent;

/** Keeps the persons' silhouettes in the table {@code person}, and publishes those that changed visibly. */
final class CohesionRows {
    /** What is not seen in two decimals is not news. */
    private static final double VISIBLE = 0.005;

    /** Up to so many persons, all are looked at anew, because the change of one may change another. */
    private static final int FEW = 64;

    private final Connection connection;
    private final short pack;

    CohesionRows(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    private record Before(OptionalDouble silhouette, long published) {}

    /**
     * Takes the silhouettes of those who changed in a pass, against everybody near them.
     *
     * @param everybody whether all persons of the gallery were there
     */
    void update(Consolidation consolidation, boolean everybody, OptionalLong session) throws SQLException {
        Silhouettes silhouettes = new Silhouettes();
        consolidation
                .persons()
                .forEach((person, sequences) -> sequences.stream()
                        .filter(Portrait::comparable)
                        .forEach(sequence -> silhouettes.add(person, Objects.requireNonNull(sequence.centre()))));
        List<Long> all = List.copyOf(consolidation.persons().keySet());
        for (long person : everybody && all.size() <= FEW ? all : consolidation.changed()) {
            update(person, silhouettes.of(person), session);
        }
    }

    private void update(long person, Cohesion cohesion, OptionalLong session) throws SQLException {
        Before before = Sql.one(
                connection,
                "SELECT silhouette, silhouettes FROM person WHERE number = ?",
                row -> new Before(Sql.optionalDouble(row, "silhouette"), row.getLong("silhouettes")),
                person);
        boolean news = visible(before.silhouette(), cohesion.silhouette());
        Sql.update(
                connection,
                """
                UPDATE person SET silhouette = ?, nearest = ?, nearest_similarity = ?, silhouettes = silhouettes + ?
                WHERE number = ?
                """,
                cohesion.silhouette(),
                cohesion.nearest(),
                cohesion.similarity(),
                news ? 1 : 0,
                person);
        if (news) {
            new PersonOutbox(connection).add(message(person, before.published() + 1, cohesion.silhouette()), session);
        }
    }

    private static boolean visible(OptionalDouble before, OptionalDouble after) {
        return before.isPresent() != after.isPresent() || Math.abs(before.orElse(0) - after.orElse(0)) >= VISIBLE;
    }

    private PersonEvent message(long person, long count, OptionalDouble silhouette) throws SQLException {
        return new PersonEvent(
                "silhouette/" + person + "/" + count,
                PersonEvent.Kind.SILHOUETTE,
                person,
                LedgerEvent.NOBODY,
                List.of(),
                OptionalDouble.empty(),
                "",
                0,
                silhouette,
                PackRows.nameOf(connection, pack));
    }
}
