package paseo.embedded;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long a server that starts is waited for. While it says that it recovers from its log it makes progress, and who
 * stops it then makes the next start begin anew. Not thread-safe.
 */
final class StartPatience {
    /** Without a word of the server's. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    /** However much there is to replay: far more than {@code max_wal_size} on a slow disk. */
    static final Duration RECOVERY = Duration.ofMinutes(30);

    /** An ordinary start says that it recovers for a moment, too. */
    static final Duration NOTED = Duration.ofSeconds(10);

    /** {@code cannot_connect_now}: it starts and does not yet let anybody in. */
    private static final String RECOVERS = "57P03";

    private final Consumer<String> notes;
    private final long begun;
    private long heard;
    private boolean noted;

    /** @param nanos when the start began, by the clock of {@link #endsAt} */
    StartPatience(long nanos, Consumer<String> notes) {
        this.notes = notes;
        begun = nanos;
        heard = nanos;
    }

    /**
     * Whether to give up now that the server has let nobody in.
     *
     * @param sqlState with which it did so; null where it said nothing
     */
    boolean endsAt(long nanos, @Nullable String sqlState) {
        if (RECOVERS.equals(sqlState)) {
            heard = nanos;
            if (!noted && nanos - begun > NOTED.toNanos()) {
                noted = true;
                notes.accept("PostgreSQL recovers");
            }
        }
        return nanos - heard > SILENCE.toNanos() || nanos - begun > RECOVERY.toNanos();
    }
}
