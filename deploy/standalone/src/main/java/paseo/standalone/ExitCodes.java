package paseo.standalone;

/** What a script can rely on. A command ended by Ctrl-C exits with 130, by SIGTERM with 143. */
final class ExitCodes {
    /** Everything that was asked for was done. */
    static final int DONE = 0;

    /** Some input failed (the others are done), or the system failed on the way. */
    static final int FAILED = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** Refused at start: data directory, model, topic or database; {@code EX_CONFIG} of sysexits. */
    static final int REFUSED = 78;

    private ExitCodes() {}
}
