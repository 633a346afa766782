package paseo.evaluation.scoring;

import java.util.HashMap;
import java.util.Map;

/**
 * The matches of HOTA (Luiten et al., IJCV 2021): paired once per frame for overlap times how well person and track
 * agree over the whole video, then counted at 19 thresholds of overlap.
 */
final class HigherOrderMatches {
    /** .05, .10 … .95. */
    static final int ALPHAS = 19;

    private static final double STEP = 0.05;

    /** By person and threshold: boxes that were found. */
    final long[][] found;
    /** By person and threshold: sum over the boxes found of TPA / (TPA + FNA + FPA). */
    final double[][] association;

    private final PreparedFrames prepared;
    private final int[] personBoxes;
    private final int[] trackBoxes;

    HigherOrderMatches(PreparedFrames prepared) {
        this.prepared = prepared;
        int persons = prepared.persons.size();
        this.found = new long[persons][ALPHAS];
        this.association = new double[persons][ALPHAS];
        this.personBoxes = new int[persons];
        this.trackBoxes = new int[prepared.tracks.size()];
        count(alignment());
    }

    /** How much of their common boxes person and track share, as a Jaccard index with soft counts. */
    private double[][] alignment() {
        double[][] shared = new double[personBoxes.length][trackBoxes.length];
        for (PreparedFrames.Frame frame : prepared.frames) {
            double[][] iou = frame.iou;
            double[] rowSum = new double[frame.persons.length];
            double[] columnSum = new double[frame.tracks.length];
            for (int row = 0; row < rowSum.length; row++) {
                for (int column = 0; column < columnSum.length; column++) {
                    rowSum[row] += iou[row][column];
                    columnSum[column] += iou[row][column];
                }
            }
            for (int row = 0; row < rowSum.length; row++) {
                personBoxes[frame.persons[row]]++;
                for (int column = 0; column < columnSum.length; column++) {
                    double all = rowSum[row] + columnSum[column] - iou[row][column];
                    if (all > PreparedFrames.EPSILON) {
                        shared[frame.persons[row]][frame.tracks[column]] += iou[row][column] / all;
                    }
                }
            }
            for (int track : frame.tracks) {
                trackBoxes[track]++;
            }
        }
        for (int person = 0; person < shared.length; person++) {
            for (int track = 0; track < shared[person].length; track++) {
                shared[person][track] /= personBoxes[person] + trackBoxes[track] - shared[person][track];
            }
        }
        return shared;
    }

    private void count(double[][] alignment) {
        Map<Long, int[]> matches = new HashMap<>();
        for (PreparedFrames.Frame frame : prepared.frames) {
            int[] columnOf = Assignment.largest(weighed(frame, alignment));
            for (int row = 0; row < columnOf.length; row++) {
                if (columnOf[row] >= 0) {
                    long pair = (long) frame.persons[row] * trackBoxes.length + frame.tracks[columnOf[row]];
                    int[] counts = matches.computeIfAbsent(pair, key -> new int[ALPHAS]);
                    double iou = frame.iou[row][columnOf[row]];
                    for (int alpha = 0; alpha < ALPHAS; alpha++) {
                        counts[alpha] += iou >= (alpha + 1) * STEP - PreparedFrames.EPSILON ? 1 : 0;
                    }
                }
            }
        }
        matches.forEach((pair, counts) -> {
            int person = (int) (pair / trackBoxes.length);
            int track = (int) (pair % trackBoxes.length);
            for (int alpha = 0; alpha < ALPHAS; alpha++) {
                found[person][alpha] += counts[alpha];
                association[person][alpha] += (double) counts[alpha]
                        * counts[alpha]
                        / (personBoxes[person] + trackBoxes[track] - counts[alpha]);
            }
        });
    }

    private static double[][] weighed(PreparedFrames.Frame frame, double[][] alignment) {
        double[][] weighed = new double[frame.persons.length][frame.tracks.length];
        for (int row = 0; row < weighed.length; row++) {
            for (int column = 0; column < weighed[row].length; column++) {
                weighed[row][column] = frame.iou[row][column] * alignment[frame.persons[row]][frame.tracks[column]];
            }
        }
        return weighed;
    }
}
