/** Trackers side by side on recorded boxes: plain overlap, SORT and Paseo's, by {@code paseo evaluate tracks}. */
@NullMarked
package paseo.evaluation.tracking;

import org.jspecify.annotations.NullMarked;
