@NullMarked
package paseo.events;

import org.jspecify.annotations.NullMarked;
