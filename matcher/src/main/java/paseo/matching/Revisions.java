package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * What people say about who is who, and the ledger of all revisions. Every revision can be undone, and consolidation
 * does not contradict one that a person made. Thread-safe.
 *
 * <p>Every method throws {@link UnusableDatabaseException} when the database fails, and those that change something
 * {@link RefusedRevisionException} when that cannot be.
 */
public final class Revisions implements AutoCloseable {
    /** Who revises, where nobody has to say who they are. */
    private static final String COMMAND_LINE = "command line";

    private final Database database;
    private final String address;
    private final String actor;

    /** @param actor whom the audit trail names */
    Revisions(Database database, String address, String actor) {
        this.database = database;
        this.address = address;
        this.actor = actor;
    }

    /** Connects, and makes the tables where there are none yet. */
    public static Revisions open(DatabaseSettings settings) {
        return new Revisions(Database.open(settings), settings.address(), COMMAND_LINE);
    }

    /** The whole ledger, in order. */
    public List<LedgerEntry> ledger() {
        return transaction(LedgerRows::read);
    }

    /** Entries of the ledger before a position, newest first. */
    public List<LedgerEntry> newest(long before, int most) {
        return transaction(connection -> LedgerRows.newest(connection, before, most));
    }

    /** Two persons are one. The older number survives; numbers that were merged before mean who they are now. */
    public LedgerEntry merge(long one, long other) {
        return revise("merge", "persons " + one + " and " + other, connection -> merged(connection, one, other));
    }

    /** A sequence is not of its person, if it had one: it becomes a person of its own. */
    public LedgerEntry split(UUID sequence) {
        return revise("split", "sequence " + sequence, connection -> split(connection, sequence));
    }

    /** A sequence is another person's, or that of somebody when it was nobody's. */
    public LedgerEntry reassign(UUID sequence, long person) {
        return revise(
                "reassign",
                "sequence " + sequence + " to person " + person,
                connection -> reassigned(connection, sequence, person));
    }

    /** Undoes an entry of the ledger by adding its opposite. */
    public LedgerEntry undo(long position) {
        return revise("undo", "ledger entry " + position, connection -> undone(connection, position));
    }

    /** Two persons are two, however alike they are: consolidation will not merge them. */
    public void keepApart(long one, long other) {
        transaction(connection -> {
            GalleryLock.takeAlone(connection);
            HandRows rows = new HandRows(connection);
            List<UUID> some = rows.sequences(living(rows, one).number());
            List<UUID> others = rows.sequences(living(rows, other).number());
            refuse(some.equals(others), "persons " + one + " and " + other + " are one person already");
            refuse(some.isEmpty() || others.isEmpty(), "one of the two has no sequences");
            rows.link(some, others, false);
            return AuditTrail.append(connection, actor, "keep apart", "persons " + one + " and " + other, "noted");
        });
    }

    private static long merged(Connection connection, long one, long other) throws SQLException {
        HandRows rows = new HandRows(connection);
        HandRows.Living first = living(rows, one);
        HandRows.Living second = living(rows, other);
        long older = Math.min(first.number(), second.number());
        long younger = Math.max(first.number(), second.number());
        refuse(older == younger, "persons " + one + " and " + other + " are one person already");
        refuse(first.pack() != second.pack(), "the two were embedded by different model packs: nothing compares them");
        List<UUID> moving = rows.sequences(younger);
        refuse(moving.isEmpty(), "person " + younger + " has no sequences");
        LedgerEvent event = LedgerEvent.moved(
                LedgerEvent.Kind.MERGED, younger, older, moving, LedgerEvent.Cause.HAND, OptionalDouble.empty());
        return write(connection, event, first.pack(), OptionalLong.empty());
    }

    private static HandRows.Living living(HandRows rows, long person) throws SQLException {
        return rows.living(person).orElseThrow(() -> new RefusedRevisionException("there is no person " + person));
    }

    private static long split(Connection connection, UUID sequence) throws SQLException {
        HandRows rows = new HandRows(connection);
        HandRows.Living owner = owner(rows, sequence);
        boolean nobodys = owner.number() == LedgerEvent.NOBODY;
        refuse(
                !nobodys && rows.sequences(owner.number()).size() == 1,
                "the sequence is all that there is of person " + owner.number());
        LedgerEvent event = LedgerEvent.moved(
                nobodys ? LedgerEvent.Kind.ADOPTED : LedgerEvent.Kind.SPLIT,
                owner.number(),
                rows.nextPerson(),
                List.of(sequence),
                LedgerEvent.Cause.HAND,
                OptionalDouble.empty());
        return write(connection, event, owner.pack(), OptionalLong.empty());
    }

    private static long reassigned(Connection connection, UUID sequence, long person) throws SQLException {
        HandRows rows = new HandRows(connection);
        HandRows.Living owner = owner(rows, sequence);
        HandRows.Living heir = living(rows, person);
        refuse(owner.number() == heir.number(), "the sequence is person " + heir.number() + "'s already");
        refuse(owner.pack() != heir.pack(), "the two were embedded by different model packs: nothing compares them");
        boolean nobodys = owner.number() == LedgerEvent.NOBODY;
        refuse(
                !nobodys && rows.sequences(owner.number()).size() == 1,
                "the sequence is all that there is of person " + owner.number() + ": merge the two persons");
        LedgerEvent event = LedgerEvent.moved(
                nobodys ? LedgerEvent.Kind.ADOPTED : LedgerEvent.Kind.REASSIGNED,
                owner.number(),
                heir.number(),
                List.of(sequence),
                LedgerEvent.Cause.HAND,
                OptionalDouble.empty());
        return write(connection, event, owner.pack(), OptionalLong.empty());
    }

    private static HandRows.Living owner(HandRows rows, UUID sequence) throws SQLException {
        return rows.owner(sequence)
                .orElseThrow(() -> new RefusedRevisionException(
                        "there is no decided sequence " + sequence + " with a usable face"));
    }

    private static long undone(Connection connection, long position) throws SQLException {
        HandRows rows = new HandRows(connection);
        LedgerEvent event = LedgerRows.find(connection, position)
                .orElseThrow(() -> new RefusedRevisionException("the ledger has no entry " + position));
        refuse(rows.erased(event.sequences()), "what entry " + position + " was about has been erased");
        long latest = LedgerRows.latest(connection, event).orElse(position);
        refuse(
                latest != position,
                "entry " + latest + " of the ledger has changed the same since entry " + position
                        + ": undo that one first");
        LedgerEvent opposite =
                event.kind().ofVector() ? event.opposite() : toTheLiving(rows, still(rows, event.opposite(), position));
        return write(connection, opposite, rows.packOf(opposite.sequences().get(0)), OptionalLong.of(position));
    }

    /**
     * Whoever was in view when the entry was made may have been decided otherwise since: that stays. What has been
     * forgotten since is left out, or a mistake could be undone for as long only as its oldest sequence is kept.
     */
    private static LedgerEvent still(HandRows rows, LedgerEvent opposite, long position) throws SQLException {
        List<UUID> there = rows.still(opposite.sequences(), opposite.from());
        refuse(there.isEmpty(), "all that entry " + position + " was about has been decided otherwise since");
        return LedgerEvent.moved(
                opposite.kind(), opposite.from(), opposite.to(), there, opposite.cause(), opposite.similarity());
    }

    /** Whom the sequences go back to may have been merged, and others may have joined whom they leave. */
    private static LedgerEvent toTheLiving(HandRows rows, LedgerEvent opposite) throws SQLException {
        boolean revives = opposite.kind() == LedgerEvent.Kind.SPLIT || opposite.to() == LedgerEvent.NOBODY;
        long to = revives ? opposite.to() : living(rows, opposite.to()).number();
        boolean othersStay = opposite.kind() == LedgerEvent.Kind.MERGED
                && rows.sequences(opposite.from()).size() > opposite.sequences().size();
        refuse(to == opposite.from(), "they are one person by now");
        return LedgerEvent.moved(
                othersStay ? LedgerEvent.Kind.REASSIGNED : opposite.kind(),
                opposite.from(),
                to,
                opposite.sequences(),
                opposite.cause(),
                opposite.similarity());
    }

    /** Writes it down, with links to a sequence of each side that consolidation will heed. */
    private static long write(Connection connection, LedgerEvent event, short pack, OptionalLong reverts)
            throws SQLException {
        HandRows rows = new HandRows(connection);
        if (!event.kind().ofVector()) {
            List<UUID> left = others(rows, event.from(), event);
            List<UUID> joined = others(rows, event.to(), event);
            refuse(
                    rows.apart(event.sequences(), joined),
                    "they were seen in one frame, so they are two people whatever they look like");
            if (!left.isEmpty()) {
                rows.link(event.sequences(), left, false);
            }
            if (!joined.isEmpty()) {
                rows.link(event.sequences(), joined, true);
            }
        }
        long position = new LedgerRows(connection, pack).append(event, reverts, "", OptionalLong.empty());
        if (!event.kind().ofVector()) {
            // Whoever looks at the result asks who is near them, and the next pass may be hours away.
            new NeighbourhoodRows(connection, pack).centre(Set.of(event.from(), event.to()));
        }
        rows.unsettle(event.from(), event.to());
        return position;
    }

    private static List<UUID> others(HandRows rows, long person, LedgerEvent event) throws SQLException {
        return rows.sequences(person).stream()
                .filter(id -> !event.sequences().contains(id))
                .toList();
    }

    private static void refuse(boolean wrong, String reason) {
        if (wrong) {
            throw new RefusedRevisionException(reason);
        }
    }

    @FunctionalInterface
    private interface Revision {
        /** Position of the entry that was written. */
        long make(Connection connection) throws SQLException;
    }

    private LedgerEntry revise(String action, String subject, Revision revision) {
        return transaction(connection -> {
            GalleryLock.takeAlone(connection);
            LedgerEntry entry = LedgerRows.entry(connection, revision.make(connection));
            AuditTrail.append(connection, actor, action, subject, "ledger entry " + entry.position());
            return entry;
        });
    }

    private <T> T transaction(Database.Work<T> work) {
        try {
            return database.transaction(work);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e), "cannot revise who is who in " + address + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
