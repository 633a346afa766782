package paseo.evaluation.chaos;

import java.time.Duration;

/** Something that goes wrong. */
sealed interface Fault {
    /** The process ends without a word (SIGKILL) and is started again. */
    record Kill(Service service, int process) implements Fault {}

    /** The process stands still (SIGSTOP), longer than its group waits for it, and goes on. */
    record Pause(Service service, int process, Duration time) implements Fault {}

    /** The process is asked to end (SIGTERM) and started again, as when a new version is rolled out. */
    record Restart(Service service, int process) implements Fault {}

    /** One more process of a service comes, takes its share, and goes. */
    record Guest(Service service, Duration time) implements Fault {}

    /** The tracker is killed and what it has on disk is gone. */
    record LoseState() implements Fault {}

    /** The broker goes in order and comes back. */
    record BounceBroker(Duration time) implements Fault {}

    /** The broker's process is killed, with whatever transaction is open, and comes back. */
    record KillBroker(Duration time) implements Fault {}

    /** PostgreSQL's processes are killed in the middle of whatever they do; it recovers and comes back. */
    record KillPostgres() implements Fault {}

    /** Connections to PostgreSQL stay open and nothing goes through; then they are cut. */
    record StallPostgres(Duration time) implements Fault {}
}
