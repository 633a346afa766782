package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which true box which prediction belongs to, frame by frame, as CLEAR MOT defines it (Bernardin and Stiefelhagen
 * 2008): a pair of the frame before is kept while it overlaps enough; the rest is paired for the largest overlap.
 */
final class ClearMatches {
    private static final int NONE = -1;

    /** By frame, for each true box the column of its prediction, or -1. */
    final List<int[]> columns = new ArrayList<>();
    /** By person: how often the track changed. */
    final int[] switches;
    /** By person: how often it was lost and found again while in view. */
    final int[] fragments;

    ClearMatches(PreparedFrames prepared) {
        int persons = prepared.persons.size();
        switches = new int[persons];
        fragments = new int[persons];
        int[] lastTrack = filled(persons);
        boolean[] lost = new boolean[persons];
        int[] trackBefore = filled(persons);
        for (PreparedFrames.Frame frame : prepared.frames) {
            int[] columnOf = match(frame, trackBefore);
            columns.add(columnOf);
            Arrays.fill(trackBefore, NONE);
            for (int row = 0; row < columnOf.length; row++) {
                int person = frame.persons[row];
                if (columnOf[row] == NONE) {
                    lost[person] = lastTrack[person] != NONE;
                    continue;
                }
                int track = frame.tracks[columnOf[row]];
                switches[person] += lastTrack[person] != NONE && lastTrack[person] != track ? 1 : 0;
                fragments[person] += lost[person] ? 1 : 0;
                lost[person] = false;
                lastTrack[person] = track;
                trackBefore[person] = track;
            }
        }
    }

    private static int[] match(PreparedFrames.Frame frame, int[] trackBefore) {
        double[][] benefit = PreparedFrames.atLeast(PreparedFrames.LEAST_IOU, frame.iou);
        // More than all overlaps of a frame together, so that no sum of others outweighs a kept pair.
        double kept = 1 + Math.max(frame.persons.length, frame.tracks.length);
        for (int row = 0; row < benefit.length; row++) {
            for (int column = 0; column < benefit[row].length; column++) {
                if (benefit[row][column] > 0 && trackBefore[frame.persons[row]] == frame.tracks[column]) {
                    benefit[row][column] += kept;
                }
            }
        }
        return Assignment.largest(benefit);
    }

    private static int[] filled(int length) {
        int[] array = new int[length];
        Arrays.fill(array, NONE);
        return array;
    }
}
