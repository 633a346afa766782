package paseo.tracking;

import java.util.List;
import java.util.Set;

/** Several people who go, or come, in one frame in which nobody stays: the picture shows something else now. */
final class Cut {
    private Cut() {}

    /**
     * Notes with each track whether it ended or began at the cut, if this is one.
     *
     * @param tracks all of them
     * @param present those seen in this frame, in which nobody surely stayed
     * @param unsure how many of those present may be others than before
     */
    static void note(List<Track> tracks, Set<Track> present, int unsure) {
        if (present.size() > 1) {
            present.forEach(track -> track.head().state.cutIn = true);
        }
        List<Track> before = tracks.stream()
                .filter(track -> track.state.confirmed && !present.contains(track))
                .toList();
        long last = before.stream()
                .mapToLong(track -> track.head().state.lastTime)
                .max()
                .orElse(0);
        List<Track> together = before.stream()
                .filter(track -> track.head().state.lastTime == last)
                .toList();
        if (together.size() + unsure > 1) {
            together.forEach(track -> track.state.cutOff = true);
        }
    }
}
