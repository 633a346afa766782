package paseo.standalone;

import java.util.Optional;
import paseo.events.Reach;
import paseo.matching.api.ApiSettings;

/**
 * Whether and where page and API are served.
 *
 * @param address none when they are not
 * @param elsewhere whether another free port will do when that one is taken
 * @param photoSearch whether photographs may be searched with
 * @param cameras how far the connections to cameras may go that are added there
 */
record PageSettings(Optional<ApiSettings> address, boolean elsewhere, boolean photoSearch, Reach cameras) {
    /** No page. */
    static PageSettings off() {
        return new PageSettings(Optional.empty(), false, false, Reach.outside());
    }
}
