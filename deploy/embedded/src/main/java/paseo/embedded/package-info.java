@NullMarked
package paseo.embedded;

import org.jspecify.annotations.NullMarked;
