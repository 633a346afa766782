@NullMarked
package paseo.tracking;

import org.jspecify.annotations.NullMarked;
