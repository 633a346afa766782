@NullMarked
package paseo.inference;

import org.jspecify.annotations.NullMarked;
