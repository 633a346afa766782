package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * Reads the {@link Neighbourhood} of what has changed in one gallery since the latest pass, within one transaction that
 * has the {@link GalleryLock} alone. All choices are by similarity, then number or id, so that a replay reads the same.
 */
final class NeighbourhoodRows {
    /** Sequences that one pass takes up: bounds its time whatever has piled up. */
    static final int MOST_CHANGED = 256;

    /** Persons nearest to one that changed; whoever could be the same person, or rival with it, is among them. */
    static final int NEAREST_PERSONS = 24;

    private static final int NEAREST_UNDECIDED = 16;

    /** Undecided sequences among which the nearest are looked for, the newest: there are more of them with each day. */
    private static final int MOST_UNDECIDED = 10_000;

    /** Sequences that stand for a person in comparison, beside the changed ones: those with the most usable faces. */
    private static final int SHOWN = 24;

    private final Connection connection;
    private final short pack;

    NeighbourhoodRows(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    private record Changed(long no, UUID id, @Nullable Long person) {}

    private record Row(long no, Portrait portrait, @Nullable Long person, boolean shown) {}

    /** How many sequences were decided since the latest pass. */
    long waiting() throws SQLException {
        return Sql.one(connection, """
                SELECT count(*) FROM sequence
                WHERE pack_id = ? AND NOT settled AND decision IS NOT NULL AND decision <> 'UNUSABLE'
                """, row -> row.getLong(1), pack);
    }

    /**
     * Has the next pass look at persons again, whose other sequences then come with those that it takes up.
     *
     * @param most of each person's, in each gallery that holds some: the latest
     */
    static void unsettle(Connection connection, int most, Long... persons) throws SQLException {
        Sql.update(connection, """
                UPDATE sequence SET settled = false
                WHERE no IN (
                    SELECT no FROM (
                        SELECT no, row_number() OVER (PARTITION BY person, pack_id ORDER BY no DESC) AS place
                        FROM sequence WHERE person = ANY (?)) AS own
                    WHERE place <= ?)
                """, persons, most);
    }

    /** Persons of the gallery who have sequences. */
    long persons() throws SQLException {
        return Sql.one(
                connection,
                "SELECT count(*) FROM person p JOIN person_centre c ON c.person = p.number"
                        + " WHERE p.pack_id = ? AND p.merged_into IS NULL",
                row -> row.getLong(1),
                pack);
    }

    /** Takes up the next changed sequences, the oldest first; from now on they count as settled. */
    Neighbourhood takeUp() throws SQLException {
        List<Changed> changed = Sql.query(
                connection,
                """
                UPDATE sequence SET settled = true
                WHERE no IN (
                    SELECT no FROM sequence
                    WHERE pack_id = ? AND NOT settled AND decision IS NOT NULL AND decision <> 'UNUSABLE'
                    ORDER BY no LIMIT ?)
                RETURNING no, id, person
                """,
                row -> new Changed(
                        row.getLong("no"), row.getObject("id", UUID.class), row.getObject("person", Long.class)),
                pack,
                MOST_CHANGED);
        Set<Long> persons = new HashSet<>();
        Set<UUID> undecided = new HashSet<>();
        changed.forEach(sequence -> {
            if (sequence.person() == null) {
                undecided.add(sequence.id());
            } else {
                persons.add(sequence.person());
            }
        });
        SharedFrames.remember(connection, changed.stream().map(Changed::id).toArray(UUID[]::new));
        centre(persons);
        List<Row> rows =
                rows(persons, undecided, changed.stream().map(Changed::no).toList());
        return neighbourhood(rows, persons, undecided);
    }

    /** Brings the mean directions of persons up to date; of one without sequences there is none. */
    void centre(Set<Long> persons) throws SQLException {
        Long[] numbers = persons.toArray(Long[]::new);
        Sql.update(connection, "DELETE FROM person_centre WHERE person = ANY (?)", (Object) numbers);
        Sql.update(connection, """
                INSERT INTO person_centre (person, centre)
                SELECT t.person, l2_normalize(avg(t.embedding ORDER BY s.id))
                FROM template t JOIN sequence s ON s.no = t.sequence_no
                WHERE t.pack_id = ? AND t.ordinal = 0 AND t.person = ANY (?) AND s.decision IS NOT NULL
                GROUP BY t.person
                """, pack, numbers);
    }

    private List<Row> rows(Set<Long> changed, Set<UUID> undecided, List<Long> taken) throws SQLException {
        String probes = """
                WITH probe AS MATERIALIZED (
                    SELECT centre FROM person_centre WHERE person = ANY (?)
                    UNION ALL
                    SELECT t.embedding FROM template t JOIN sequence s ON s.no = t.sequence_no
                    WHERE t.pack_id = ? AND t.ordinal = 0 AND s.id = ANY (?)
                )
                """;
        Set<Long> persons = new HashSet<>(changed);
        persons.addAll(Sql.query(
                connection,
                probes + """
                SELECT DISTINCT near.number FROM probe CROSS JOIN LATERAL (
                    SELECT p.number FROM person p JOIN person_centre c ON c.person = p.number
                    WHERE p.pack_id = ? AND p.merged_into IS NULL
                    ORDER BY c.centre <#> probe.centre, p.number LIMIT ?) AS near
                """,
                row -> row.getLong(1),
                changed.toArray(Long[]::new),
                pack,
                undecided.toArray(UUID[]::new),
                pack,
                NEAREST_PERSONS));
        Set<Long> nobodys = new HashSet<>(Sql.query(
                connection,
                probes + """
                SELECT DISTINCT near.no FROM probe CROSS JOIN LATERAL (
                    SELECT s.no FROM template t JOIN sequence s ON s.no = t.sequence_no AND s.pack_id = t.pack_id
                    WHERE t.pack_id = ? AND t.ordinal = 0 AND t.person IS NULL AND s.decision = 'UNDECIDED'
                        AND t.sequence_no >= coalesce((
                            SELECT no FROM sequence WHERE decision = 'UNDECIDED' AND person IS NULL AND pack_id = ?
                            ORDER BY no DESC OFFSET ? LIMIT 1), 0)
                    ORDER BY t.embedding <#> probe.centre, s.id LIMIT ?) AS near
                """,
                row -> row.getLong(1),
                changed.toArray(Long[]::new),
                pack,
                undecided.toArray(UUID[]::new),
                pack,
                pack,
                MOST_UNDECIDED - 1,
                NEAREST_UNDECIDED));
        nobodys.addAll(taken);
        return portraits(persons, nobodys);
    }

    /** All sequences of persons, those in view included, and some of nobody. */
    private List<Row> portraits(Set<Long> persons, Set<Long> nobodys) throws SQLException {
        List<Row> rows = new ArrayList<>();
        Sql.stream(
                connection,
                """
                SELECT s.no, s.id, s.session_id, s.first_us, s.last_us, s.faces, s.usable, s.cohort_offset,
                       coalesce(s.person, s.early_person) AS owner,
                       s.decision IS NOT NULL
                           AND (s.person IS NULL OR s.no = ANY (?) OR row_number() OVER (
                               PARTITION BY s.person, s.decision IS NULL, s.no = ANY (?)
                               ORDER BY s.usable DESC, s.id) <= ?) AS shown
                FROM sequence s
                WHERE s.person = ANY (?) OR s.early_person = ANY (?)
                    OR (s.no = ANY (?) AND s.person IS NULL AND s.decision = 'UNDECIDED')
                ORDER BY s.id
                """,
                row -> new Row(
                        row.getLong("no"),
                        new Portrait(
                                row.getObject("id", UUID.class),
                                row.getLong("session_id"),
                                row.getLong("first_us"),
                                row.getLong("last_us"),
                                row.getInt("faces"),
                                row.getInt("usable"),
                                row.getDouble("cohort_offset"),
                                null,
                                new TreeMap<>()),
                        row.getObject("owner", Long.class),
                        row.getBoolean("shown")),
                rows::add,
                nobodys.toArray(Long[]::new),
                nobodys.toArray(Long[]::new),
                SHOWN,
                persons.toArray(Long[]::new),
                persons.toArray(Long[]::new),
                nobodys.toArray(Long[]::new));
        Map<Long, SortedMap<Integer, Embedding>> vectors =
                vectors(rows.stream().filter(Row::shown).map(Row::no).toList());
        return rows.stream()
                .map(row -> new Row(
                        row.no(),
                        row.portrait().showing(vectors.getOrDefault(row.no(), new TreeMap<>())),
                        row.person(),
                        row.shown()))
                .toList();
    }

    private record Stored(long no, int ordinal, Embedding vector) {}

    private Map<Long, SortedMap<Integer, Embedding>> vectors(List<Long> shown) throws SQLException {
        Map<Long, SortedMap<Integer, Embedding>> vectors = new HashMap<>();
        Sql.stream(
                connection,
                """
                SELECT sequence_no, ordinal, vector_send(embedding::vector) FROM template
                WHERE pack_id = ? AND sequence_no = ANY (?) AND NOT dropped
                """,
                row -> new Stored(row.getLong(1), row.getInt(2), Embedding.normalised(Vectors.parse(row.getBytes(3)))),
                stored -> vectors.computeIfAbsent(stored.no(), no -> new TreeMap<>())
                        .put(stored.ordinal(), stored.vector()),
                pack,
                shown.toArray(Long[]::new));
        return vectors;
    }

    private Neighbourhood neighbourhood(List<Row> rows, Set<Long> changed, Set<UUID> news) throws SQLException {
        Map<Long, List<Portrait>> persons = new TreeMap<>();
        List<Portrait> undecided = new ArrayList<>();
        for (Row row : rows) {
            if (row.person() == null) {
                undecided.add(row.portrait());
            } else {
                persons.computeIfAbsent(row.person(), number -> new ArrayList<>())
                        .add(row.portrait());
            }
        }
        UUID[] ids = rows.stream().map(row -> row.portrait().id()).toArray(UUID[]::new);
        Set<Link> apart = links("SELECT sequence, other FROM sequence_conflict", ids);
        apart.addAll(links("SELECT sequence, other FROM (SELECT * FROM hand_link WHERE NOT together) AS hand", ids));
        Set<Link> together = links("SELECT sequence, other FROM (SELECT * FROM hand_link WHERE together) AS hand", ids);
        together.removeAll(apart);
        long next = Sql.one(connection, "SELECT coalesce(max(number), 0) + 1 FROM person", row -> row.getLong(1));
        return new Neighbourhood(persons, undecided, changed, news, apart, together, restored(ids), next);
    }

    /** By hand: consolidation itself restores nothing. */
    private Set<Neighbourhood.Prototype> restored(UUID[] ids) throws SQLException {
        return new HashSet<>(Sql.query(
                connection,
                "SELECT sequences[1], ordinal FROM ledger WHERE kind = 'RESTORED' AND sequences && ?",
                row -> new Neighbourhood.Prototype(row.getObject(1, UUID.class), row.getInt(2)),
                (Object) ids));
    }

    private Set<Link> links(String pairs, UUID[] ids) throws SQLException {
        return new HashSet<>(Sql.query(
                connection,
                pairs + " WHERE sequence = ANY (?) AND other = ANY (?)",
                row -> new Link(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                ids,
                ids));
    }
}
