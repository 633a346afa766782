@NullMarked
package paseo.testing;

import org.jspecify.annotations.NullMarked;
