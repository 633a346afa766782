/** A page of tables and plots that needs no server, no network and no script. */
@NullMarked
package paseo.evaluation.report;

import org.jspecify.annotations.NullMarked;
