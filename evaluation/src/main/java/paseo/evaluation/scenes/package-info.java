/**
 * Photographs of people composed into video whose truth is known exactly. Everything is a function of photographs,
 * settings and seed: no clock, no detector, no arithmetic that differs from machine to machine.
 */
@NullMarked
package paseo.evaluation.scenes;

import org.jspecify.annotations.NullMarked;
