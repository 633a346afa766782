/**
 * The window: an HTTP API over what the matcher has stored, and the page that uses it. {@code openapi.json} is the one
 * list of routes; the router is built from it.
 */
@NullMarked
package paseo.matching.api;

import org.jspecify.annotations.NullMarked;
