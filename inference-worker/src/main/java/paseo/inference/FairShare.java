package paseo.inference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Gives each live camera its share of a worker that cannot look at everything. Pictures come in the order of their
 * partitions and at steady distances, so without this the same cameras would always be the ones whose pictures come too
 * late. A camera that has had more pictures looked at than one that loses some gives up pictures of its own: a deficit
 * round robin (M. Shreedhar and G. Varghese, SIGCOMM 1995) in which a turn that is passed on is a picture less, because
 * the order of a partition is kept.
 *
 * <p>A camera whose pictures come too late in any case, because its clock is behind or its way is long, gains nothing
 * by that: so often in vain, and no more, is given up for it.
 *
 * <p>A function of its input. Not thread-safe.
 */
final class FairShare {
    /** What a camera is owed at most, so that one that sends little cannot stop all others for long. */
    private static final long MOST_OWED = 4;

    /** So far may a camera be ahead of another before it gives up a picture. */
    private static final long AHEAD = 1;

    /** Nothing is given up before a picture has so little left: the worker is never idle for fairness. */
    private static final long CROWDED_MICROS = 1_300_000;

    /** A loss counts so long; longer than the distance of two pictures at the least rate of a camera. */
    private static final long LOSING_MICROS = 2_500_000;

    /** A camera that sent nothing for so long starts anew, without debts. */
    private static final long ABSENT_MICROS = 5_000_000;

    /** So often is given up for a camera that is not looked at all the same, and so often more for each camera. */
    private static final int VAIN = 10;

    private static final int VAIN_FOR_EACH = 4;

    private static final long NEVER = Long.MIN_VALUE / 2;

    /** What a camera has had. */
    private static final class Account {
        private long looked;
        private long seenMicros;
        private long lostMicros = NEVER;
        /** How often others have given up for it since it was looked at. */
        private int vain;

        private Account(long looked) {
            this.looked = looked;
        }
    }

    private final Map<String, Account> accounts = new HashMap<>();

    /**
     * Whether a picture is looked at; to be asked for each live one in the order in which they come, and followed.
     *
     * @param leftMicros until the picture is stale
     * @param stale whether it is too late for this picture in any case
     * @param nowMicros of a clock that only goes forward
     */
    boolean takes(String camera, long leftMicros, boolean stale, long nowMicros) {
        accounts.values().removeIf(account -> nowMicros - account.seenMicros > ABSENT_MICROS);
        Account account = accounts.computeIfAbsent(camera, id -> new Account(most().orElse(0)));
        account.seenMicros = nowMicros;
        account.looked = Math.max(account.looked, most().orElse(0) - MOST_OWED);
        List<Account> behind = leftMicros < CROWDED_MICROS ? losersBehind(account, nowMicros) : List.of();
        if (!stale) {
            behind.forEach(loser -> loser.vain++);
        }
        if (stale || !behind.isEmpty()) {
            account.lostMicros = nowMicros;
            return false;
        }
        account.looked++;
        account.vain = 0;
        return true;
    }

    private OptionalLong most() {
        return accounts.values().stream().mapToLong(account -> account.looked).max();
    }

    private List<Account> losersBehind(Account account, long nowMicros) {
        int mostVain = VAIN + VAIN_FOR_EACH * accounts.size();
        return accounts.values().stream()
                .filter(other -> nowMicros - other.lostMicros < LOSING_MICROS)
                .filter(other -> other.vain < mostVain && account.looked > other.looked + AHEAD)
                .toList();
    }
}
