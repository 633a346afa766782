package paseo.matching;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test class that kills PostgreSQL: behind the databases of a whole run it recovers for a minute, for it looks at
 * each file of each.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface ServersOfItsOwn {}
