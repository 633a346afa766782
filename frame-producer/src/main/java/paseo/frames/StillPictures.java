package paseo.frames;

import org.jspecify.annotations.Nullable;

/**
 * Notices pictures in which nothing moves: those that show what the latest one did that was not still. So what moves
 * slowly is noticed as soon as it has moved far enough. A function of its input; a reader that starts in the middle of
 * a file has it see everything from the beginning.
 */
final class StillPictures {
    private byte[] reference = {};

    /**
     * Looks at the next picture.
     *
     * @param luma as {@link BrightnessPoints} has it; null where it has none, then the picture may show anything
     */
    boolean still(byte @Nullable [] luma) {
        if (luma != null && !FrozenDetector.moves(reference, luma)) {
            return true;
        }
        reference = luma == null ? new byte[0] : luma;
        return false;
    }

    /** From now on nothing is known: the next picture is not still. */
    void forget() {
        reference = new byte[0];
    }
}
