package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Another model pack for a gallery that there is: templates are made anew from the stored pictures, beside those in
 * use, for as long as that takes and beside everything else; then the gallery moves to the new pack in one transaction.
 * Every person and every sequence keeps its number and its id.
 *
 * <p>Every method throws {@link UnusableDatabaseException} when the database fails. What was written stays: each call
 * goes on where the one before ended, whoever made it.
 */
public final class Reembedding implements AutoCloseable {
    private static final String NAME = "paseo-reembedding";

    private final Database database;
    private final String actor;
    private final String to;

    private Reembedding(Database database, String actor, String to) {
        this.database = database;
        this.actor = actor;
        this.to = to;
    }

    /**
     * Connects.
     *
     * @param actor who is named in the audit trail
     * @param to the new pack, {@code name@version}
     */
    public static Reembedding open(DatabaseSettings settings, String actor, String to) {
        return new Reembedding(Database.openAs(NAME, settings), actor, to);
    }

    /** The packs whose galleries can move, the earliest first; empty when everything is in the new one. */
    public List<String> galleries() {
        return database.patiently(
                "look which model packs the gallery has",
                connection -> ReembeddingRows.galleries(filled(connection), target(connection)));
    }

    /**
     * How far a gallery is.
     *
     * @param ready sequences that have a template of the new pack
     * @param waiting sequences that have none yet
     */
    public record State(long ready, long waiting) {}

    /** How far a gallery is. */
    public State state(String from) {
        return database.patiently("count templates", connection -> {
            ReembeddingRows rows = rows(connection, from);
            return new State(rows.ready(), rows.waiting());
        });
    }

    /** The pictures of the next sequences that wait, by number. */
    public List<StoredFaces> next(String from, long after, int most) {
        return database.asked(
                "read pictures", connection -> rows(connection, from).next(after, most));
    }

    /** Keeps templates beside those in use; gives how many. */
    public int write(String from, List<RemadeTemplate> remade) {
        return database.asked("keep templates", connection -> {
            GalleryLock.share(connection);
            return rows(connection, from).write(remade);
        });
    }

    /** Whether the new pack's templates show the same people. */
    public PackAgreement measure(String from, Thresholds thresholds) {
        return database.patiently(
                "compare templates",
                connection -> new AgreementRows(filled(connection), source(connection, from), target(connection))
                        .measure(thresholds));
    }

    /** How many services and commands are connected: a matcher must not go on with a gallery that has moved. */
    public long others() {
        return database.asked("look who is connected", Database::others);
    }

    /**
     * People who have opted out and are known by vectors of a pack alone: there are no pictures of them, so the new
     * pack does not recognise them.
     */
    public long optedOut(String from) {
        return database.asked(
                "read who has opted out",
                connection ->
                        Sql.one(connection, """
                        SELECT count(DISTINCT entry) FROM opted_out_template o
                        WHERE pack_id = ? AND NOT EXISTS (
                            SELECT FROM opted_out_template n WHERE n.entry = o.entry AND n.pack_id = ?)
                        """, row -> row.getLong(1), source(connection, from), target(connection)));
    }

    /**
     * What has moved.
     *
     * @param sequences with their templates
     * @param persons who have moved
     * @param left sequences of which no template could be made; they stay in the old gallery
     * @param audit position of the entry in the audit trail
     */
    public record Moved(long sequences, long persons, long left, long audit) {}

    /**
     * Moves a gallery, unless sequences have come to it meanwhile.
     *
     * @param left how many sequences are known to have no picture that can be embedded
     * @return empty when more than those wait
     */
    public Optional<Moved> move(String from, long left, PackAgreement agreement) {
        return database.patiently("move the gallery", connection -> {
            GalleryLock.takeAlone(connection);
            short source = source(connection, from);
            short target = target(connection);
            if (new ReembeddingRows(connection, database.keys(), source, target).waiting() > left) {
                return Optional.empty();
            }
            GalleryMove.Moved moved = new GalleryMove(connection, source, target).move();
            AuditEntry entry = AuditTrail.append(
                    connection, actor, "reembed", from + " to " + to, outcome(moved, left, agreement));
            return Optional.of(new Moved(moved.sequences(), moved.persons(), left, entry.position()));
        });
    }

    private static String outcome(GalleryMove.Moved moved, long left, PackAgreement agreement) {
        return String.format(
                Locale.ROOT,
                "%d persons, %d sequences, %d left; agreement %.3f of %d, apart %.3f of %d",
                moved.persons(),
                moved.sequences(),
                left,
                agreement.agreement(),
                agreement.probes(),
                agreement.apartness(),
                agreement.pairs());
    }

    /** Removes templates of the new pack that are not in use; gives of how many sequences. */
    public int discard() {
        return database.patiently("remove templates", connection -> {
            GalleryLock.takeAlone(connection);
            int discarded = ReembeddingRows.discard(connection, target(connection));
            AuditTrail.append(connection, actor, "reembed", "to " + to, "discarded, " + discarded + " sequences");
            return discarded;
        });
    }

    private static Connection filled(Connection connection) throws SQLException {
        GalleryFill.require(connection);
        return connection;
    }

    private ReembeddingRows rows(Connection connection, String from) throws SQLException {
        GalleryFill.require(connection);
        return new ReembeddingRows(connection, database.keys(), source(connection, from), target(connection));
    }

    private static short source(Connection connection, String from) throws SQLException {
        return new PackRows(connection)
                .find(from)
                .orElseThrow(() -> new IllegalArgumentException("nothing was ever seen with the model pack " + from));
    }

    private short target(Connection connection) throws SQLException {
        return new PackRows(connection).idOf(to);
    }

    @Override
    public void close() {
        database.close();
    }
}
