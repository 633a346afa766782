package paseo.evaluation.chaos;

/**
 * A point of a service's code at which it is killed. The service does not know of it: the killer is attached as a
 * debugger and waits at the method's first instruction.
 */
enum Failpoint {
    WORKER_INFERRED_NOT_PRODUCED(Service.WORKER, "paseo.inference.Freshness", "took", 30),
    WORKER_PRODUCED_NOT_COMMITTED(Service.WORKER, "paseo.inference.FrameBatch", "ends", 30),
    WORKER_TAKES_OVER(Service.WORKER, "paseo.inference.InferenceWorker$Rebalance", "onPartitionsAssigned", 2),
    TRACKER_PROCESSES(Service.TRACKER, "paseo.tracking.TrackerProcessor", "process", 120),
    TRACKER_BEFORE_COMMIT(
            Service.TRACKER, "org.apache.kafka.streams.processor.internals.StreamsProducer", "commitTransaction", 8),
    TRACKER_AFTER_COMMIT(Service.TRACKER, "org.apache.kafka.streams.processor.internals.StreamTask", "postCommit", 8),
    MATCHER_BEFORE_COMMIT(Service.MATCHER, "org.postgresql.jdbc.PgConnection", "commit", 30),
    MATCHER_AFTER_COMMIT(Service.MATCHER, "com.zaxxer.hikari.pool.ProxyConnection", "close", 30),
    MATCHER_PUBLISHED_NOT_REMOVED(Service.MATCHER, "paseo.matching.SightingOutbox", "remove", 6),
    MATCHER_TAKES_OVER(Service.MATCHER, "paseo.matching.TopicReader$Assignment", "onPartitionsAssigned", 3),
    PRODUCER_PUBLISHES(Service.PRODUCER, "paseo.frames.FramesPartition", "send", 40);

    private final Service service;
    private final String className;
    private final String method;
    private final int hits;

    /** @param hits how often a short run gets there at most */
    Failpoint(Service service, String className, String method, int hits) {
        this.service = service;
        this.className = className;
        this.method = method;
        this.hits = hits;
    }

    Service service() {
        return service;
    }

    /** Binary name of the class. */
    String className() {
        return className;
    }

    /** Its method; all of that name count. */
    String method() {
        return method;
    }

    /** The visits among which one is drawn to be the last. */
    int hits() {
        return hits;
    }
}
