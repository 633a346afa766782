/**
 * What whoever runs a service touches and every service has alike: the way to Kafka, what is counted, how it is, and
 * what is set aside. Knows nothing of frames, faces or persons.
 */
@NullMarked
package paseo.operations;

import org.jspecify.annotations.NullMarked;
