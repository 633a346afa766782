/**
 * Services that are killed, paused and cut off at random or at chosen points of their code, and a verifier that looks
 * whether anything was lost, doubled or mixed up.
 */
@NullMarked
package paseo.evaluation.chaos;

import org.jspecify.annotations.NullMarked;
