package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import paseo.evaluation.scoring.Bootstrap.Outcome;

/**
 * How long it takes to know who somebody is, in seconds of video time.
 *
 * <p>Times are those of who was identified in the end; who never was is told apart by {@link #never}, so that one
 * failure is not counted twice as an endless time.
 */
public final class TimeToIdentify {
    /**
     * One appearance of a person.
     *
     * @param firstUsable time of the first usable face, in seconds
     * @param right time of the first right identity, in seconds; empty where there was none
     */
    public record Appearance(String person, double firstUsable, OptionalDouble right) {}

    private record Delay(String person, double seconds) {}

    private final Collection<Appearance> appearances;
    /** Shortest first. */
    private final List<Delay> delays;

    private TimeToIdentify(Collection<Appearance> appearances) {
        this.appearances = appearances;
        List<Delay> found = new ArrayList<>();
        for (Appearance appearance : appearances) {
            appearance
                    .right()
                    .ifPresent(right ->
                            found.add(new Delay(appearance.person(), Math.max(0, right - appearance.firstUsable()))));
        }
        found.sort(Comparator.comparingDouble(Delay::seconds));
        this.delays = found;
    }

    public static TimeToIdentify of(Collection<Appearance> appearances) {
        return new TimeToIdentify(List.copyOf(appearances));
    }

    /**
     * The time in which a share of those identified were identified. By the rule of three the 95 % quantile asks for 60
     * of them.
     *
     * @param share in (0, 1), such as 0.95
     */
    public Estimate quantile(double share, Bootstrap bootstrap) {
        long need = Bootstrap.ruleOfThree(Math.min(share, 1 - share));
        if (delays.size() < need) {
            return Estimate.notEnough(delays.size(), need, "identified appearances");
        }
        return bootstrap.estimate(weights -> {
            long all = 0;
            for (Delay delay : delays) {
                all += weights.of(delay.person());
            }
            long seen = 0;
            for (Delay delay : delays) {
                seen += weights.of(delay.person());
                if (seen > 0 && seen >= share * all - 1e-9) {
                    return delay.seconds();
                }
            }
            return Double.NaN;
        });
    }

    /** Share of appearances that were never identified rightly. */
    public Estimate never(Bootstrap bootstrap) {
        List<Outcome> outcomes = appearances.stream()
                .map(appearance ->
                        new Outcome(appearance.person(), appearance.right().isEmpty()))
                .toList();
        return bootstrap.rate(outcomes, "appearances", 0);
    }
}
