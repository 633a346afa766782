@NullMarked
package paseo.frames;

import org.jspecify.annotations.NullMarked;
