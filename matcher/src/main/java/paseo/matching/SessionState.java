package paseo.matching;

/**
 * How far a session has come in the database.
 *
 * @param phase where it is
 * @param complete whether the source said that it had sent everything; only meaningful when finished
 * @param frames frames stored, dropped ones included
 * @param framesDropped frames that were not looked at
 * @param faces faces stored
 * @param sequences sequences decided
 * @param persons different persons among them
 */
public record SessionState(
        Phase phase, boolean complete, long frames, long framesDropped, long faces, long sequences, long persons) {
    /** Of a session that the database has never heard of. */
    static final SessionState UNKNOWN = new SessionState(Phase.UNKNOWN, false, 0, 0, 0, 0, 0);

    /** Where a session is. */
    public enum Phase {
        /** Nothing of it has arrived. */
        UNKNOWN,
        /** More may follow. */
        RUNNING,
        /** Every face is stored, every sequence decided, every sighting published. */
        FINISHED
    }

    /** Whether nothing of the session is on its way any more. */
    public boolean finished() {
        return phase == Phase.FINISHED;
    }
}
