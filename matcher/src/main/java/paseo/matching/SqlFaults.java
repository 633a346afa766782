package paseo.matching;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of PostgreSQL's errors mean what; classes of its appendix A. */
final class SqlFaults {
    /**
     * Connection, rollback, out of something, operator intervened, input/output; and a transaction that the server
     * ended because nothing was asked in it for too long, or because it lasted too long, as when we were stopped.
     */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58", "25P03", "25P04");

    /** To be thrown by a transaction that finds out by itself that it must be repeated. */
    static final String SERIALISATION = "40001";

    /** What a lost race is mostly called: serialisation, deadlock, lock not got in time. */
    static final Set<String> RACES = Set.of(SERIALISATION, "40P01", "55P03");

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String CANCELED = "57014";
    private static final String READ_ONLY = "25006";
    private static final String DATA_EXCEPTION = "22";

    private SqlFaults() {}

    /** Whether the same transaction may succeed at once: it lost a race for locks or versions. */
    static boolean lostRace(SQLException fault) {
        return inClass("40", fault.getSQLState()) || lockNotGot(fault);
    }

    /** Whether a lock was not got in the time there was for it. */
    static boolean lockNotGot(SQLException fault) {
        return LOCK_NOT_AVAILABLE.equals(fault.getSQLState());
    }

    /** Whether a statement took longer than it may, or waited so long for a lock. */
    static boolean timedOut(SQLException fault) {
        return lockNotGot(fault) || CANCELED.equals(fault.getSQLState());
    }

    /** Whether the server takes no writes now. */
    static boolean readOnly(SQLException fault) {
        return READ_ONLY.equals(fault.getSQLState());
    }

    /** Whether the same transaction may succeed when the database is well again. */
    static boolean passing(SQLException fault) {
        String state = fault.getSQLState();
        return lostRace(fault)
                || readOnly(fault)
                || PASSING.stream().anyMatch(prefix -> inClass(prefix, state))
                || fault instanceof SQLTransientException
                || fault instanceof SQLRecoverableException;
    }

    /** Whether what a library says is about such a fault. */
    static boolean passing(RuntimeException fault) {
        Throwable cause = fault;
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return cause instanceof SQLException sql && passing(sql);
    }

    /** Whether the values are to blame, which no repetition heals. */
    static boolean ofValues(SQLException fault) {
        return inClass(DATA_EXCEPTION, fault.getSQLState());
    }

    private static boolean inClass(String prefix, @Nullable String state) {
        return state != null && state.startsWith(prefix);
    }
}
