package paseo.matching;

import java.nio.ByteBuffer;
import java.util.List;
import paseo.events.Pose;

/**
 * The pictures that are kept of a decided sequence: its best shots, from which a template can be made anew.
 *
 * @param sequence its number in the database
 * @param shots best first; empty where none was kept
 */
public record StoredFaces(long sequence, List<Shot> shots) {
    public StoredFaces {
        shots = List.copyOf(shots);
    }

    /**
     * One of them.
     *
     * @param ordinal from 1, best first
     * @param frame number of its frame
     * @param faceIndex place in the frame
     * @param captureTimeMicros capture time of the frame
     * @param quality in [0, 1]
     * @param pose of the head
     * @param alignedBy the model pack, {@code name@version}, as whose embedder wants faces the picture is aligned
     * @param jpeg the aligned face, read-only
     */
    public record Shot(
            int ordinal,
            long frame,
            int faceIndex,
            long captureTimeMicros,
            float quality,
            Pose pose,
            String alignedBy,
            ByteBuffer jpeg) {}
}
