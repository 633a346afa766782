package paseo.evaluation.tracking;

import java.util.List;
import paseo.evaluation.tracking.Recording.Tracked;

/** Follows the boxes of a recording by their places alone. */
interface BoxTracker {
    /** As tables show it. */
    String name();

    /** The boxes of all tracks, by frame: one list for each of the recording's. */
    List<List<Tracked>> follow(Recording recording);
}
