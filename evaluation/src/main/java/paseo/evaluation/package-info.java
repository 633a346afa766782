@NullMarked
package paseo.evaluation;

import org.jspecify.annotations.NullMarked;
