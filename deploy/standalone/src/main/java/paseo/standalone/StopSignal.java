package paseo.standalone;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** SIGINT and SIGTERM for work in steps, each of which is whole: the present one is finished, and no other is begun. */
final class StopSignal implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Terminal terminal;
    private final Thread hook = new Thread(this::stopInOrder, "paseo-stop");
    private volatile boolean given;

    private StopSignal(Terminal terminal) {
        this.terminal = terminal;
    }

    /** From now on signals are heeded; closed once nothing is left to be done. */
    static StopSignal install(Terminal terminal) {
        StopSignal signal = new StopSignal(terminal);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private void stopInOrder() {
        given = true;
        terminal.note("stopping");
        try {
            if (!over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                terminal.error("not everything stopped in order; the next start will put it right");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws Refusal if it was given */
    void check() {
        if (given) {
            throw Refusal.failed("stopped; the same command goes on where it was", null);
        }
    }

    @Override
    public void close() {
        over.countDown();
        if (!given) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
