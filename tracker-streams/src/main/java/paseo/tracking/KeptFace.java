package paseo.tracking;

import java.nio.ByteBuffer;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import paseo.events.Pose;

/**
 * A usable face that a template remembers. Compared by identity of its frame: a sequence has at most one face in a
 * frame.
 *
 * @param frame number of its frame
 * @param index its place in the frame
 * @param timeMicros capture time of its frame
 * @param quality in [0, 1]
 * @param pose of the head
 * @param vector the embedding; not to be written to
 * @param crop the aligned face as JPEG, null where it will never be shown
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value, and 1 KB that need not be copied
record KeptFace(
        long frame,
        int index,
        long timeMicros,
        float quality,
        Pose pose,
        float[] vector,
        @Nullable ByteBuffer crop) {
    /** Best first; a total order, so that what is kept doesn't depend on the order of arrival. */
    static final Comparator<KeptFace> BEST_FIRST = Comparator.comparingDouble((KeptFace face) -> -face.quality)
            .thenComparingLong(KeptFace::frame)
            .thenComparingInt(KeptFace::index);

    KeptFace withoutCrop() {
        return crop == null ? this : new KeptFace(frame, index, timeMicros, quality, pose, vector, null);
    }

    View view() {
        return View.of(pose);
    }

    /** From where a face is seen; one prototype of each is the most diverse set of five. */
    enum View {
        FRONTAL,
        LEFT,
        RIGHT,
        UP,
        DOWN;

        private static final float TURNED_DEGREES = 20;
        private static final float NODDED_DEGREES = 15;

        static View of(Pose pose) {
            if (Math.abs(pose.yaw()) > TURNED_DEGREES) {
                return pose.yaw() > 0 ? RIGHT : LEFT;
            }
            if (Math.abs(pose.pitch()) > NODDED_DEGREES) {
                return pose.pitch() > 0 ? DOWN : UP;
            }
            return FRONTAL;
        }
    }
}
