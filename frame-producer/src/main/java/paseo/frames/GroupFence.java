package paseo.frames;

/**
 * Whether a producer has to leave its cameras to the others of its group. After a silence an answer is not yet a
 * welcome: the group also answers those whom it has shut out, and then the next poll takes their partitions away. So
 * two answers are waited for, and for a whole poll behind each.
 *
 * <p>A function of its input. Not thread-safe.
 */
final class GroupFence {
    private static final int ENOUGH = 2;

    private final double limitSeconds;
    private double answers;
    private int heard;
    private boolean fenced;

    /** @param limitSeconds of silence after which the group may have given the cameras away */
    GroupFence(double limitSeconds) {
        this.limitSeconds = limitSeconds;
    }

    /**
     * Whether the cameras may be another's. To be asked once after each poll.
     *
     * @param silentSeconds without an answer of the group
     * @param total answers so far, refusals among them
     */
    boolean holds(double silentSeconds, double total) {
        boolean answered = total > answers;
        answers = total;
        if (silentSeconds > limitSeconds) {
            fenced = true;
            heard = 0;
        } else if (fenced && answered) {
            heard++;
        } else if (fenced && heard >= ENOUGH) {
            fenced = false;
        }
        return fenced;
    }
}
