package paseo.matching;

import java.sql.SQLException;
import java.util.UUID;

/** Gives out keys to seal with. */
@FunctionalInterface
interface Seals {
    /** The key that has this id, made where there was none; what is sealed with it may be stored from now on. */
    Seal of(UUID id) throws SQLException;
}
