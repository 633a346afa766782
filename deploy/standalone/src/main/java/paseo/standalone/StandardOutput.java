package paseo.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output that does not take what is written to it; Java's own stream keeps that to itself. */
final class StandardOutput {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    private StandardOutput() {}

    /** @throws Refusal if something that was written has been lost */
    static void requireTaken(PrintStream out) {
        if (out.checkError()) {
            throw lost();
        }
    }

    /**
     * Takes it that whoever reads has seen enough, as {@code head} has.
     *
     * @throws Refusal if nobody reads: then it is a file whose disk is full
     */
    static void requireReader() {
        if (!isRead(DESCRIPTOR)) {
            throw lost();
        }
    }

    private static Refusal lost() {
        return Refusal.failed(
                "standard output cannot be written: is the disk full that it goes to, or has its reader ended?", null);
    }

    /** Whether a program is at the other end; unknown, as where there is no {@code /proc}, counts as one. */
    static boolean isRead(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }
}
