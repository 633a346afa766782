package paseo.tracking;

import java.time.Duration;

/**
 * What shapes the sequences. Durations are capture time, never the clock of the machine.
 *
 * @param confidentScore detector score from which a face may start a track and counts as certainly there, in [0, 1];
 *     weaker ones only continue a track
 * @param patience how long a person may be out of view before the sequence is closed
 * @param relink how long somebody whose face was never usable may be out of view and still be the same: nobody waits
 *     for such a sequence, because it stands for nobody, so it may be closed later than others; at least the patience
 *     counts
 * @param updateEvery time between two events of a sequence in view, but for those that come with its third to eighth
 *     usable face, and with every second one from there to the sixteenth
 * @param longest a sequence is closed as full after this time
 * @param mostFaces a sequence is closed as full after so many faces
 * @param contradiction a face whose similarity is below this share of what the track's own faces show is someone
 *     else's, in [0, 1)
 */
public record TrackerParameters(
        double confidentScore,
        Duration patience,
        Duration relink,
        Duration updateEvery,
        Duration longest,
        int mostFaces,
        double contradiction) {
    public TrackerParameters {
        check(
                confidentScore >= 0 && confidentScore <= 1,
                "the confident score must lie in 0..1, not " + confidentScore);
        check(patience.toNanos() > 0, "the patience must be longer than 0, not " + patience);
        check(!relink.isNegative(), "the time to find somebody again must not be negative: " + relink);
        check(!updateEvery.isNegative(), "the time between updates must not be negative: " + updateEvery);
        check(longest.compareTo(patience) > 0, "the longest sequence must outlast the patience, not be " + longest);
        check(mostFaces > 1, "a sequence must hold more than one face, not " + mostFaces);
        check(contradiction >= 0 && contradiction < 1, "the contradiction must lie in 0..1, not " + contradiction);
    }

    /** What fits faces of people who walk, at 2 to 60 frames per second. */
    public static TrackerParameters standard() {
        return new TrackerParameters(
                0.6,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                5_000,
                0.5);
    }

    /** The same with another confident score. */
    public TrackerParameters withConfidentScore(double score) {
        return new TrackerParameters(score, patience, relink, updateEvery, longest, mostFaces, contradiction);
    }

    /** The same with another patience. */
    public TrackerParameters withPatience(Duration time) {
        return new TrackerParameters(confidentScore, time, relink, updateEvery, longest, mostFaces, contradiction);
    }

    /** The same with another time to find somebody again who cannot be recognised. */
    public TrackerParameters withRelink(Duration time) {
        return new TrackerParameters(confidentScore, patience, time, updateEvery, longest, mostFaces, contradiction);
    }

    /** The same with other bounds of a sequence. */
    public TrackerParameters withLimits(Duration time, int faces) {
        return new TrackerParameters(confidentScore, patience, relink, updateEvery, time, faces, contradiction);
    }

    /** How long a track lives unseen when frames come this far apart: a slow camera must get a second look. */
    double patienceMicros(double frameInterval) {
        double patient = patience.toNanos() / 1e3;
        return Math.min(Math.max(patient, 1.5 * frameInterval), 3 * patient);
    }

    /** The same for one whose face was never usable. */
    double relinkMicros(double frameInterval) {
        return Math.max(patienceMicros(frameInterval), relink.toNanos() / 1e3);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }
}
