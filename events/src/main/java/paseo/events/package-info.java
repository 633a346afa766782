/**
 * The contract between the services: the records that travel over Kafka, their codecs and their topics.
 *
 * <p>Start with {@code paseo.proto}, then {@link paseo.events.Topics}. The records mirror the messages one to one; the
 * generated classes stay behind the codecs.
 */
@NullMarked
package paseo.events;

import org.jspecify.annotations.NullMarked;
