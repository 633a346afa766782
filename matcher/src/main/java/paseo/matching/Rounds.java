package paseo.matching;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that a thread does at once and then again and again, with a pause behind each time, until it is to stop. */
final class Rounds {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);

    Rounds(Duration pause) {
        this.pause = pause;
    }

    /** The work of one time; what can go wrong with it and pass is its own affair. */
    @FunctionalInterface
    interface Round {
        void run() throws InterruptedException;
    }

    /** Returns when it has been stopped, or the thread interrupted. */
    void run(Round round) {
        try {
            do {
                round.run();
            } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            log.debug("interrupted to stop", e);
        }
    }

    /** From any thread. The work of the moment is done to its end, unless it looks at {@link #stopped}. */
    void stop() {
        closing.countDown();
    }

    boolean stopped() {
        return closing.getCount() == 0;
    }
}
