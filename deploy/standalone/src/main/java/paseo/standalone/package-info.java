@NullMarked
package paseo.standalone;

import org.jspecify.annotations.NullMarked;
