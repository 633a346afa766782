package paseo.evaluation.scenes;

import java.nio.file.Path;
import java.util.List;

/**
 * Videos with their truth, to be played one after the other.
 *
 * @param settings that they were asked for with
 * @param videos in the order of time
 * @param people how many different ones appear: fewer than asked for where there are no more photographs
 * @param appearances how often somebody comes into the picture; all beyond the number of people are returns
 */
public record SceneSet(SceneSettings settings, List<Video> videos, int people, int appearances) {
    /**
     * One file.
     *
     * @param file the video
     * @param truthFile the CSV beside it
     * @param frames in the video
     * @param truth its rows, exactly as computed
     */
    public record Video(Path file, Path truthFile, long frames, List<Truth> truth) {}

    public SceneSet {
        videos = List.copyOf(videos);
    }

    /** How often somebody comes back. */
    public int returns() {
        return appearances - people;
    }

    /** Number of frames of all videos. */
    public long frames() {
        return videos.stream().mapToLong(Video::frames).sum();
    }

    /** Seconds of all videos. */
    public double seconds() {
        return frames() / settings.framesPerSecond();
    }
}
