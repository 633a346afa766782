@NullMarked
package paseo.matching;

import org.jspecify.annotations.NullMarked;
