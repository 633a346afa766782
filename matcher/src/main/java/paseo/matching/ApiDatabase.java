package paseo.matching;

/** What the API asks of the database: one pool of connections, and the several things that can be done with it. */
public final class ApiDatabase implements AutoCloseable {
    private final Database database;
    private final String address;

    private ApiDatabase(Database database, String address) {
        this.database = database;
        this.address = address;
    }

    /** Connects, and makes the tables where there are none yet. */
    public static ApiDatabase open(DatabaseSettings settings) {
        return new ApiDatabase(Database.openForLists(settings), settings.address());
    }

    /** Who was seen. */
    public Window window() {
        return new Window(database);
    }

    /** All of it, as tables. */
    public Exports exports() {
        return new Exports(database);
    }

    /** Who looks like whom. */
    public Likenesses likenesses() {
        return new Likenesses(database);
    }

    /** How cameras are and what they have just seen. */
    public CameraViews cameras() {
        return new CameraViews(database);
    }

    /** What is left to decide, and the watch list. */
    public ReviewList review() {
        return new ReviewList(database);
    }

    /** Who may ask. */
    public AccessTokens tokens() {
        return new AccessTokens(database);
    }

    /** What was done. */
    public AuditTrail audit() {
        return new AuditTrail(database);
    }

    /** Corrections in somebody's name; closed with this, not by themselves. */
    public Revisions revisions(String actor) {
        return new Revisions(database, address, actor);
    }

    /** Erasure in somebody's name. */
    public Erasure erasure(String actor) {
        return new Erasure(database, actor);
    }

    /** What erasures have left to do. */
    public Purge purge() {
        return new Purge(database);
    }

    @Override
    public void close() {
        database.close();
    }
}
