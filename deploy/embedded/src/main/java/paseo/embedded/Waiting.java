package paseo.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits that go on through an interrupt and leave the flag set: what is waited for here is an orderly stop, and an
 * interrupt (Ctrl-C) is the very reason for it.
 */
final class Waiting {
    private Waiting() {}

    /** Returns whether the thread ended within the limit. */
    static boolean join(Thread thread, Duration limit) {
        return until(limit, nanos -> {
            TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
            return !thread.isAlive();
        });
    }

    /** Returns whether the process ended within the limit. */
    static boolean exit(Process process, Duration limit) {
        return until(limit, nanos -> process.waitFor(nanos, TimeUnit.NANOSECONDS));
    }

    private static boolean until(Duration limit, Wait wait) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.within(Math.max(0, deadline - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Wait {
        boolean within(long nanos) throws InterruptedException;
    }
}
