/** The {@code paseo} command: the four services, Kafka and PostgreSQL in one process tree, and what they found. */
@NullMarked
package paseo.standalone;

import org.jspecify.annotations.NullMarked;
