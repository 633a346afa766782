package paseo.standalone;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything one Paseo remembers: {@code kafka/}, {@code database/}, {@code streams/} (the tracker's state),
 * {@code reports/}, {@code downloads/} (videos that a run has fetched and not finished) and {@code logs/}; and whether
 * some of it is in a Kafka that is elsewhere. One process at a time; the operating system drops the lock when that
 * ends, however it ends.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "in-use";
    private static final String KAFKA = "kafka";
    private static final String DATABASE = "database";
    private static final String STREAMS = "streams";
    private static final String REPORTS = "reports";
    private static final String DOWNLOADS = "downloads";
    private static final String LOGS = "logs";
    private static final String OTHER_KAFKA = "other-kafka";
    /** What people can be seen in or recognised by. */
    private static final List<String> PARTS = List.of(KAFKA, DATABASE, STREAMS, REPORTS, DOWNLOADS);

    /** Whoever fails while fewer bytes are free has failed for that. */
    private static final long FULL = 16L << 20;

    private static final String OTHER = "choose another with --data";

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the directory for this process; it is made when missing.
     *
     * @throws Refusal if another process has it or it cannot be written
     */
    static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            FileChannel channel = FileChannel.open(root.resolve(LOCK), CREATE, READ, WRITE);
            if (tryLock(channel) == null) {
                String holder = holder(channel);
                channel.close();
                throw Refusal.atStart("the data directory " + root + " is in use by " + holder
                        + ": wait until it has ended, or " + OTHER);
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            Files.createDirectories(root.resolve(LOGS));
            return new DataDirectory(root, channel);
        } catch (IOException e) {
            throw Refusal.atStart("cannot write the data directory " + root + " (" + reason(e) + "): " + OTHER, e);
        }
    }

    /**
     * Whether another process has it at the moment. Not for the process that has it itself: looking would end its lock.
     */
    static boolean isInUse(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        // Shared, so that it asks for no more than reading, and two who look do not see each other.
        try (FileChannel channel = FileChannel.open(file, READ);
                FileLock mine = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return mine == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** Whether a Paseo has ever kept people or events there, which can be read. */
    static boolean isUsed(Path directory) {
        return Files.isDirectory(directory.resolve(DATABASE)) || Files.isDirectory(directory.resolve(KAFKA));
    }

    /**
     * Whether there is anything to forget: also what a run left there that kept its people on other servers. Somebody
     * else's folder of reports is none, though: a Paseo leaves its lock.
     */
    static boolean holdsAnything(Path directory) {
        return isUsed(directory)
                || (Files.exists(directory.resolve(LOCK))
                        && PARTS.stream().map(directory::resolve).anyMatch(Files::exists));
    }

    /**
     * Looks whether there is anything to read.
     *
     * @throws Refusal if nothing was ever kept there
     */
    static void requireUsed(Path directory) {
        if (!isUsed(directory)) {
            throw Refusal.failed(
                    "nothing is remembered in " + directory.toAbsolutePath().normalize()
                            + " yet: run a video first, or choose another directory with --data",
                    null);
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
        return text.isEmpty() ? "another Paseo" : "another Paseo (process " + text + ")";
    }

    /**
     * What an exception of the file system or the network says, without the class names that mean nothing to a user.
     */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file is in its place";
        }
        if (e instanceof ConnectException) {
            return "no connection";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve(KAFKA);
    }

    Path database() {
        return root.resolve(DATABASE);
    }

    Path streams() {
        return root.resolve(STREAMS);
    }

    Path reports() {
        return root.resolve(REPORTS);
    }

    Path downloads() {
        return root.resolve(DOWNLOADS);
    }

    Path log() {
        return root.resolve(LOGS).resolve("paseo.log");
    }

    /** Bytes that can still be written there; asked of the path, since a chroot may not list what it is mounted on. */
    long usableSpace() {
        return root.toFile().getUsableSpace();
    }

    /** Why something fails: a full disk shows in many ways, few of which name it. */
    String orFull(String reason) {
        return usableSpace() < FULL ? "the disk of the data directory " + root + " is full: make room" : reason;
    }

    /** Forgets everybody. Models, samples and programs that lie in the same directory stay. */
    void clear() {
        PARTS.forEach(this::clear);
        clear(LOGS);
        clear(OTHER_KAFKA);
    }

    /**
     * Notes for good that what the database here holds came over a Kafka that is not here.
     *
     * @throws Refusal if that cannot be written
     */
    void noteOtherKafka() {
        Path note = root.resolve(OTHER_KAFKA);
        try {
            Files.writeString(note, "");
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + note + " (" + reason(e) + ")", e);
        }
    }

    /** Whether topics of a Kafka that is not here may hold what the database here does. */
    boolean hasOtherKafka() {
        return Files.exists(root.resolve(OTHER_KAFKA));
    }

    /** Forgets what the tracker knows; Kafka must have forgotten it, too. */
    void clearStreams() {
        clear(STREAMS);
    }

    private void clear(String part) {
        try {
            delete(root.resolve(part));
        } catch (IOException e) {
            throw Refusal.failed("cannot delete " + root.resolve(part) + " (" + reason(e) + ")", e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
                if (fault != null) {
                    throw fault;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw Refusal.failed("cannot release the data directory " + root + " (" + reason(e) + ")", e);
        }
    }
}
