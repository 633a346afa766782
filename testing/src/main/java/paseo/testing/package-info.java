/** What the tests of several modules need: the way to real models and videos. Never on a class path outside tests. */
@NullMarked
package paseo.testing;

import org.jspecify.annotations.NullMarked;
