package paseo.matching;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is known of the similarities of strangers under one model pack, and the rule that makes thresholds of it. A
 * versioned file (JSON), whose version is stored with each decision.
 *
 * <p>A stranger who is compared with N persons has N chances to look like somebody. For at most the share FPIR of
 * strangers to be taken for somebody, a single comparison may go wrong with the false match rate
 *
 * <pre>FMR(t(N)) = 1 − (1 − FPIR)^(1 / N_eff)     N_eff = max(N, leastPersons)</pre>
 *
 * <p>as if comparisons were independent, and {@code t} follows from the {@link ImpostorTail}.
 *
 * @param format of the file, {@value #FORMAT}
 * @param version what these numbers are called, as in {@code retail-2}
 * @param pack the model pack, {@code name@version}
 * @param similarity {@link Similarity#VERSION} under which it was fitted
 * @param fitted what it was fitted on
 * @param tail how similar strangers are, after the cohort's adjustment
 * @param cohort what similarities are judged by
 * @param within how similar the faces of one sequence are
 * @param rule how thresholds follow
 */
public record Calibration(
        int format,
        String version,
        String pack,
        int similarity,
        Fitted fitted,
        ImpostorTail tail,
        Cohort cohort,
        Within within,
        Rule rule) {
    /** Of the file, as this program writes and reads it. */
    public static final int FORMAT = 2;

    private static final double NEARLY_ALL = 0.999;

    public Calibration {
        check(format == FORMAT, "it is of format " + format + ", this program reads format " + FORMAT);
        check(
                similarity == Similarity.VERSION,
                "it was fitted on similarities of definition " + similarity + ", this program takes definition "
                        + Similarity.VERSION);
        check(!version.isBlank(), "it must have a version");
        check(pack.matches("[^@\\s]+@[^@\\s]+"), "the model pack must be named as in retail@1, not " + pack);
    }

    /**
     * What a calibration was fitted on.
     *
     * @param data in words: which data, how many templates of a person, what was left out
     * @param persons how many different people
     * @param pairs how many impostor pairs
     */
    public record Fitted(String data, long persons, long pairs) {
        public Fitted {
            check(!data.isBlank(), "it must say what it was fitted on");
            check(
                    persons >= 2 && pairs >= 1,
                    "nothing can be fitted on " + persons + " persons and " + pairs + " pairs");
        }
    }

    /**
     * How similar the faces of one sequence are: with the faces of one person for sure, the field is compared.
     *
     * @param similarity that the faces of a sequence have on average among each other, see {@link Similarity#within};
     *     in [-1, 1]
     * @param share of the sequences that have at most this, in (0, 1)
     */
    public record Within(double similarity, double share) {
        public Within {
            check(similarity >= -1 && similarity <= 1, "a cosine lies in [-1, 1], not at " + similarity);
            check(share > 0 && share < 1, "share must lie in (0, 1), not be " + share);
        }
    }

    /**
     * How thresholds follow from the tail.
     *
     * @param targetFpir share of strangers that may be taken for somebody, in (0, 1)
     * @param createFactor a stranger is new at once below the threshold of {@code createFactor} times that share, which
     *     is thus about the share of strangers who are not: at least 1
     * @param weakFactor a sequence of few usable faces must reach the threshold of {@code weakFactor} times the share:
     *     in (0, 1]
     * @param margin by how much the nearest person must be nearer than every different one, in [0, 2]
     * @param leastPersons a smaller gallery is treated as if it held so many, at least 1: strictness costs little
     *     there, and a handful of people on one camera are more alike than those of a calibration
     */
    public record Rule(double targetFpir, double createFactor, double weakFactor, double margin, int leastPersons) {
        /** Beyond this it would no longer be a stranger's exception to be undecided. */
        private static final double LARGEST_FPIR = 0.5;

        public Rule {
            check(
                    targetFpir > 0 && targetFpir <= LARGEST_FPIR,
                    "targetFpir must lie in (0, 0.5], not be " + targetFpir);
            check(createFactor >= 1, "createFactor must be at least 1, not " + createFactor);
            check(weakFactor > 0 && weakFactor <= 1, "weakFactor must lie in (0, 1], not be " + weakFactor);
            check(margin >= 0 && margin <= 2, "margin must lie in [0, 2], not be " + margin);
            check(leastPersons >= 1, "leastPersons must be at least 1, not " + leastPersons);
        }

        /** The same with another target. */
        public Rule withTarget(double fpir) {
            return new Rule(fpir, createFactor, weakFactor, margin, leastPersons);
        }
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A calibration of this program's format and similarity. */
    public static Calibration of(
            String version, String pack, Fitted fitted, ImpostorTail tail, Cohort cohort, Within within, Rule rule) {
        return new Calibration(FORMAT, version, pack, Similarity.VERSION, fitted, tail, cohort, within, rule);
    }

    /**
     * Reads a file.
     *
     * @throws CalibrationException if it cannot be read or is not a calibration
     */
    public static Calibration read(Path file) {
        return CalibrationFile.read(file);
    }

    /** The calibration that is shipped for a model pack, {@code name@version}; empty where there is none. */
    public static Optional<Calibration> shipped(String pack) {
        return CalibrationFile.shipped(pack);
    }

    /**
     * Writes it for {@link #read}, the same bytes for the same numbers.
     *
     * @throws CalibrationException if it cannot be written
     */
    public void write(Path file) {
        CalibrationFile.write(this, file);
    }

    /**
     * This calibration, if it is that of a pack.
     *
     * @throws CalibrationException if it is another's
     */
    public Calibration requirePack(String required) {
        if (!pack.equals(required)) {
            throw new CalibrationException(
                    "calibration " + version + " is for the model pack " + pack + ", not for " + required);
        }
        return this;
    }

    /** The threshold t(N) at the rule's own target. */
    public double threshold(long galleryPersons) {
        return threshold(galleryPersons, rule.targetFpir());
    }

    /**
     * The threshold that the share {@code fpir} of strangers reaches in a gallery.
     *
     * @param fpir above 0; nearly all strangers from 1 on
     */
    public double threshold(long galleryPersons, double fpir) {
        double comparisons = Math.max(rule.leastPersons(), galleryPersons);
        return tail.similarityAt(-Math.expm1(Math.log1p(-Math.min(fpir, NEARLY_ALL)) / comparisons));
    }

    /** Thresholds by the rule. */
    public Thresholds thresholds() {
        return thresholds(rule.targetFpir());
    }

    /**
     * Thresholds by the rule, for another target than its own.
     *
     * @throws IllegalArgumentException if the target is not one
     */
    public Thresholds thresholds(double targetFpir) {
        return new Calibrated(this, rule.withTarget(targetFpir));
    }

    private record Calibrated(Calibration calibration, Rule asked) implements Thresholds {
        @Override
        public MatchThresholds at(long persons) {
            return new MatchThresholds(
                    calibration.threshold(persons, asked.targetFpir()),
                    calibration.threshold(persons, asked.createFactor() * asked.targetFpir()),
                    calibration.threshold(persons, asked.weakFactor() * asked.targetFpir()),
                    asked.margin(),
                    name());
        }

        private String name() {
            return asked.equals(calibration.rule())
                    ? calibration.version()
                    : calibration.version() + "/fpir=" + asked.targetFpir();
        }

        @Override
        public Optional<Cohort> cohort() {
            return Optional.of(calibration.cohort());
        }

        @Override
        public Optional<ImpostorTail> tail() {
            return Optional.of(calibration.cohort().tail());
        }

        @Override
        public Optional<Within> within() {
            return Optional.of(calibration.within());
        }
    }
}
