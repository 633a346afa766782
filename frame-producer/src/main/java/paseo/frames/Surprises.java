package paseo.frames;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * What goes wrong unexpectedly on threads that must not end. The first of each kind is logged as an error; what comes
 * again, with each picture perhaps, would fill the log. Thread-safe.
 */
final class Surprises {
    private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();
    private final Logger log;

    Surprises(Logger log) {
        this.log = log;
    }

    /** Logs it. Throws nothing, even where no memory is left to log with. */
    void log(String where, Throwable surprise) {
        try {
            if (known.add(surprise.getClass())) {
                log.error("{}: unexpected", where, surprise);
            } else {
                log.debug("{}: unexpected, again", where, surprise);
            }
        } catch (Throwable e) {
            // Whoever called goes on, which matters more.
        }
    }
}
