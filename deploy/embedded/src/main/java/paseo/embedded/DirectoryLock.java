package paseo.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One process at a time in a directory. The operating system drops the lock with the process, so that a kill leaves
 * nothing to clean up; the file names the holder's process id for the message the second one prints.
 */
final class DirectoryLock implements AutoCloseable {
    /** File locks belong to the process: threads of one JVM have to wait for each other here. */
    private static final ReentrantLock ONE_OF_THIS_JVM = new ReentrantLock();

    private static final String FILE = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a data directory or says who has it.
     *
     * @param directory created when missing
     * @param server what lives there, for the message
     * @throws EmbeddedFailure when another process (or another part of this one) holds it, or it cannot be written
     */
    static DirectoryLock take(Path directory, String server) throws EmbeddedFailure {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, READ, WRITE);
            if (tryLock(channel) == null) {
                String holder = holder(channel);
                channel.close();
                throw new EmbeddedFailure("the " + server + " data directory " + directory + " is in use by " + holder
                        + "; stop it or choose another data directory");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw EmbeddedFailure.ofDisk("cannot use the " + server + " data directory " + directory, e);
        }
    }

    /** Something to do in a shared directory while nobody else prepares anything there. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Does the work alone in a shared directory, after whoever is at it now.
     *
     * @param directory created when missing
     */
    static void alone(Path directory, Work work) throws IOException {
        Files.createDirectories(directory);
        ONE_OF_THIS_JVM.lock();
        try (FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, READ, WRITE)) {
            channel.lock();
            work.run();
        } finally {
            ONE_OF_THIS_JVM.unlock();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? "another process" : "another Paseo (process " + text + ")";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
