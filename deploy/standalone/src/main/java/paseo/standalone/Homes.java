package paseo.standalone;

import java.nio.file.Path;

/** Where Paseo keeps things when nobody says otherwise. */
final class Homes {
    private Homes() {}

    /** {@code PASEO_HOME}, which is {@code ~/.paseo} when not set: models, programs, samples, and the default data. */
    static Path paseo() {
        String home = System.getenv("PASEO_HOME");
        return home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".paseo") : Path.of(home);
    }

    /** The checkout, which the launcher names in {@code PASEO_ROOT}; else the current directory. */
    static Path checkout() {
        String root = System.getenv("PASEO_ROOT");
        return Path.of(root == null || root.isBlank() ? "" : root).toAbsolutePath();
    }
}
