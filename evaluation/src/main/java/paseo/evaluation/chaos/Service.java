package paseo.evaluation.chaos;

/** The four services, in the order of the flow. */
enum Service {
    PRODUCER(paseo.frames.Main.class, 2),
    WORKER(paseo.inference.Main.class, 2),
    TRACKER(paseo.tracking.Main.class, 1),
    MATCHER(paseo.matching.Main.class, 2);

    private final Class<?> main;
    private final int processes;

    Service(Class<?> main, int processes) {
        this.main = main;
        this.processes = processes;
    }

    Class<?> main() {
        return main;
    }

    /** How many there are of it. */
    int processes() {
        return processes;
    }
}
