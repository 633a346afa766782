/** Searching a gallery: what there is to find, and a reference to be measured against. */
@NullMarked
package paseo.evaluation.search;

import org.jspecify.annotations.NullMarked;
