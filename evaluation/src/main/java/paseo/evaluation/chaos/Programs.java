package paseo.evaluation.chaos;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which Paseo a process runs: this one, or for the second process of each service an earlier one, as while a
 * deployment's processes are replaced one after the other.
 *
 * @param earlier its {@code paseo.jar}, with its libraries beside it
 */
record Programs(Optional<Path> earlier) {
    /** All run this one. */
    static Programs current() {
        return new Programs(Optional.empty());
    }

    /** @param process number of the process among its service's, counted from 0 */
    String classPath(int process) {
        return process == 0 || earlier.isEmpty()
                ? System.getProperty("java.class.path")
                : earlier.get().toString();
    }
}
