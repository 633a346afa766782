/** Accuracy and cost, measured on the system as it is shipped: {@code paseo evaluate} and {@code paseo bench}. */
@NullMarked
package paseo.evaluation;

import org.jspecify.annotations.NullMarked;
