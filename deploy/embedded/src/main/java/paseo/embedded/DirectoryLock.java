package paseo.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One process at a time in a directory. The operating system drops the lock with the process, so that a kill leaves
 * nothing to clean up; the file names the holder's process id for the message the second one prints.
 */
final class DirectoryLock implements AutoCloseable {
    /** File locks belong to the process: threads of one JVM have to wait for each other here. */
    private static final ReentrantLock ONE_OF_THIS_JVM = new ReentrantLock();

    /**
     * To close any channel of a locked file drops all locks this process has on it: what this JVM holds is not even
     * opened a second time.
     */
    private static final Set<Path> HELD_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

    private static final String HOLDER_FILE = "lock";
    private static final String WORK_FILE = "work.lock";

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
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
            Path real = Files.createDirectories(directory).toRealPath();
            if (!HELD_BY_THIS_JVM.add(real)) {
                throw inUse(directory, server, "this process");
            }
            try {
                return new DirectoryLock(real, claim(directory, server));
            } catch (IOException e) {
                HELD_BY_THIS_JVM.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw EmbeddedFailure.ofDisk("cannot use the " + server + " data directory " + directory, e);
        }
    }

    private static FileChannel claim(Path directory, String server) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(HOLDER_FILE), CREATE, READ, WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory, server, holder(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static EmbeddedFailure inUse(Path directory, String server, String holder) {
        return new EmbeddedFailure("the " + server + " data directory " + directory + " is in use by " + holder
                + "; stop it or choose another data directory");
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
        try (FileChannel channel = FileChannel.open(directory.resolve(WORK_FILE), CREATE, READ, WRITE)) {
            channel.lock();
            work.run();
        } finally {
            ONE_OF_THIS_JVM.unlock();
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
        try {
            channel.close();
        } finally {
            HELD_BY_THIS_JVM.remove(directory);
        }
    }
}
