package paseo.matching.api;

/** Who listens, for tests. */
public final class Listeners {
    private Listeners() {}

    /** How many clients of a server listen to live events. */
    public static int of(ApiServer server) {
        return server.listeners();
    }
}
