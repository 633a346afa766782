package paseo.tracking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lost track that a newcomer continues: somebody who was hidden behind somebody else, or whose face wasn't
 * found for a while, isn't somebody new. Asked once, when a tentative track would become a sequence of its own, because
 * a track of three faces says more than a single detection, and nobody has heard of it yet.
 *
 * <p>Only like is continued by like. Where both have usable faces, each of the newcomer's must look like the lost
 * one's, or, once there are three, all together: who comes out from behind somebody is half hidden or turned at first.
 * A newcomer who may be somebody lost is not announced before. Where neither has, position, size and motion alone
 * decide, and the worst that can come of it is a longer sequence of nobody. A recognisable person is never joined with
 * faces that cannot be compared, nor is a track of which a part is in doubt. And nobody comes back over a cut: where
 * several people went in one frame and nobody stayed, or came in one, the same place is another place.
 *
 * <p>Position is the likelihood of being found here, per square size of the face, if the person either stayed where
 * they were lost, or walked on and slowed down ({@value #STRIDE_SECONDS} s at the speed of before at most). Real gaps
 * are much shorter than a Kalman filter's uncertainty, which grows without end: half of the people who come back are
 * within two sizes of one of these two places after 1.5 s and after 10 s, nine in ten within seven.
 */
final class Relink {
    /** Time constant in which people who are out of sight lose their speed. */
    private static final double STRIDE_SECONDS = 1.5;

    /** Standard deviation of the position in sizes, long after the face was lost. */
    private static final double SPREAD = 1.7;

    private static final double SPREAD_AT_ONCE = 0.16;
    /** Time constant in which the spread grows to its end. */
    private static final double SPREAD_SECONDS = 1;

    /** Share of the people who go somewhere else; they spread {@link #FARTHER} times as far. */
    private static final double ELSEWHERE = 0.3;

    private static final double FARTHER = 3;
    /** Standard deviation of the logarithm of the size, at once and what is added long after. */
    private static final double SIZE_AT_ONCE = 0.15;

    private static final double SIZE_LATER = 0.2;
    /**
     * Largest cost, twice the negative logarithm of the likelihood: at it, the person is found here with a probability
     * of 0.7 % per square size. That is several times what a face that may come in anywhere in the picture has.
     */
    private static final double LIMIT = 10;

    /** What the second best explanation must cost more. */
    private static final double CLEAR = 1;

    /** Usable faces of a newcomer whose mean is worth comparing. */
    private static final int FEW = 3;

    /** Agreement from which they are the same person; parts of one track need less, because nothing parted them. */
    private static final double SAME = 0.6;

    private Relink() {}

    /**
     * The lost track that the newcomer continues, if one explains it clearly best and no other newcomer explains it as
     * well.
     *
     * @param newcomer about to become a sequence
     * @param tracks all of them, in a fixed order
     */
    static @Nullable Track find(Track newcomer, List<Track> tracks) {
        Track best = null;
        double least = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        for (Track lost : tracks) {
            if (lost.state.confirmed && lostBefore(newcomer, lost)) {
                double cost = cost(lost, newcomer);
                second = Math.min(second, Math.max(cost, least));
                if (cost < least) {
                    least = cost;
                    best = lost;
                }
            }
        }
        if (best == null || least > LIMIT || second - least < CLEAR || !joinable(best, newcomer)) {
            return null;
        }
        return claimedByAnother(best, newcomer, least, tracks) ? null : best;
    }

    private static boolean lostBefore(Track newcomer, Track lost) {
        return lost.head().state.lastFrame < newcomer.state.firstFrame;
    }

    private static boolean joinable(Track lost, Track newcomer) {
        if (lost.branch() != null || lost.state.cutOff || newcomer.state.cutIn) {
            return false;
        }
        if (lost.template.isEmpty() || newcomer.template.isEmpty()) {
            return lost.template.isEmpty() && newcomer.template.isEmpty();
        }
        return newcomer.template.faces().stream().allMatch(face -> lost.looksLike(face.vector()))
                || (newcomer.template.faces().size() >= FEW
                        && lost.template.agreement(newcomer.template, lost.state.ownSimilarity) >= SAME);
    }

    /** Whether the newcomer may be somebody lost, and needs more faces before that can be said. */
    static boolean mustWait(Track newcomer, List<Track> tracks) {
        int faces = newcomer.template.faces().size();
        return faces > 0 && faces < FEW && tracks.stream().anyMatch(lost -> mayContinue(lost, newcomer));
    }

    private static boolean mayContinue(Track lost, Track newcomer) {
        return lost.state.confirmed
                && !lost.template.isEmpty()
                && lost.branch() == null
                && !lost.state.cutOff
                && !newcomer.state.cutIn
                && lostBefore(newcomer, lost)
                && cost(lost, newcomer) <= LIMIT;
    }

    /** Whether somebody else who came up at the same time may be the lost one as well. */
    private static boolean claimedByAnother(Track lost, Track newcomer, double cost, List<Track> tracks) {
        return tracks.stream()
                .anyMatch(rival -> rival != newcomer
                        && lostBefore(rival, lost)
                        && !knownBefore(newcomer, rival)
                        && cost(lost, rival) - cost < CLEAR);
    }

    private static boolean knownBefore(Track newcomer, Track rival) {
        return rival.state.confirmed && rival.state.eventTime < newcomer.state.firstTime;
    }

    private static double cost(Track lost, Track newcomer) {
        Motion from = lost.motion();
        Motion to = newcomer.motion();
        double seconds = Math.max(0, (to.timeMicros() - from.timeMicros()) / 1e6);
        double size = Math.exp((from.logSize().value() + to.logSize().value()) / 2);
        double x = (to.x().value() - from.x().value()) / size;
        double y = (to.y().value() - from.y().value()) / size;
        double stride = STRIDE_SECONDS * (1 - Math.exp(-seconds / STRIDE_SECONDS));
        double walkedX = x - from.x().velocity() / size * stride;
        double walkedY = y - from.y().velocity() / size * stride;

        double settled = 1 - Math.exp(-seconds / SPREAD_SECONDS);
        double spread = square(SPREAD_AT_ONCE + SPREAD * settled);
        double likelihood =
                (density(square(x) + square(y), spread) + density(square(walkedX) + square(walkedY), spread)) / 2;

        double sizeSpread = SIZE_AT_ONCE + SIZE_LATER * settled;
        double growth = (to.logSize().value() - from.logSize().value()) / sizeSpread;
        return -2 * Math.log(likelihood) + square(growth) + 2 * Math.log(sizeSpread / SIZE_AT_ONCE);
    }

    /** Of a place at a squared distance, in sizes: two normal distributions, one of them wide. */
    private static double density(double distance, double variance) {
        double wide = square(FARTHER) * variance;
        return (1 - ELSEWHERE) * Math.exp(-distance / (2 * variance)) / (2 * Math.PI * variance)
                + ELSEWHERE * Math.exp(-distance / (2 * wide)) / (2 * Math.PI * wide);
    }

    private static double square(double value) {
        return value * value;
    }
}
