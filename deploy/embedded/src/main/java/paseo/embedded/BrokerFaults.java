package paseo.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a broker that gives up and the process it lives in. Kafka ends a fatal fault (every log directory
 * lost, a listener that cannot bind) with {@code Exit.halt} or {@code Exit.exit}; in a process of its own that is
 * right, here it would cut PostgreSQL and the services off in the middle of their work.
 */
final class BrokerFaults {
    private static final Set<FailureNotice> BROKERS = ConcurrentHashMap.newKeySet();

    private BrokerFaults() {}

    /** From now on this JVM survives a fatal broker fault; the fault reaches {@code notice} instead. */
    static synchronized void watch(FailureNotice notice) {
        BROKERS.add(notice);
        Exit.setHaltProcedure(BrokerFaults::report);
        Exit.setExitProcedure(BrokerFaults::report);
    }

    /** Ends the watch; after the last broker Kafka's own procedures are back. */
    static synchronized void forget(FailureNotice notice) {
        BROKERS.remove(notice);
        if (BROKERS.isEmpty()) {
            Exit.resetHaltProcedure();
            Exit.resetExitProcedure();
        }
    }

    /** The procedures are the JVM's, not a broker's: with several brokers each hears of it. */
    private static void report(int status, @Nullable String message) {
        String fault = "the embedded Kafka broker gave up, its log says why: "
                + (message == null ? "status " + status : message);
        BROKERS.forEach(notice -> notice.report(fault));
    }
}
