/** Ways of comparing sequences: the product's own and the simpler ones it has to beat, all on the same embeddings. */
@NullMarked
package paseo.evaluation.methods;

import org.jspecify.annotations.NullMarked;
