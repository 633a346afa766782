package paseo.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As whom PostgreSQL runs. It refuses to run as root, so root has to step aside; which way is open depends on the
 * machine (containers usually block user namespaces, minimal images lack programs).
 */
enum PostgresUser {
    /** Not root: as the user itself. */
    SELF(-1, ""),
    /** In a user namespace where root's files belong to the unmapped user that the server sees as itself. */
    NAMESPACE(0, "unshare -U"),
    /** As nobody. */
    NOBODY_BY_SETPRIV(65534, "setpriv --reuid=65534 --regid=65534 --clear-groups"),
    /** As nobody. */
    NOBODY_BY_RUNUSER(65534, "runuser -u nobody --"),
    /** As nobody who gets into directories that are closed to others: root's home is. */
    NOBODY_LENT_READING(65534, nobodyLent("dac_read_search")),
    /** The same where root has no smaller right to lend: Docker leaves it this one. */
    NOBODY_LENT_ACCESS(65534, nobodyLent("dac_override"));

    private static final Path ANYWHERE = Path.of("/");
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private final int owner;
    private final String prefix;

    PostgresUser(int owner, String prefix) {
        this.owner = owner;
        this.prefix = prefix;
    }

    /** With {@code no_setuid_fixup} the right counts for access(2), too, by which initdb looks for its programs. */
    private static String nobodyLent(String capability) {
        return "setpriv --reuid=65534 --regid=65534 --clear-groups --securebits=+no_setuid_fixup --inh-caps=-all,+"
                + capability + " --ambient-caps=-all,+" + capability;
    }

    /**
     * Chooses the first way that works here and leads into some directories.
     *
     * @throws EmbeddedFailure as root, when none does
     */
    static PostgresUser choose(Path... directories) throws IOException {
        if (!Files.exists(THIS_PROCESS) || uid(THIS_PROCESS) != 0) {
            return SELF;
        }
        Optional<Path> closed = Optional.empty();
        for (PostgresUser user : values()) {
            if (user != SELF && user.works()) {
                Optional<Path> shut = user.firstClosed(directories);
                if (shut.isEmpty()) {
                    return user;
                }
                closed = shut;
            }
        }
        throw new EmbeddedFailure(closed.map(directory -> "PostgreSQL does not run as root, user namespaces are"
                        + " blocked here or do not help, and user nobody may not enter " + directory
                        + "; choose places open to all"
                        + " (--data DIR and PASEO_HOME, for example below /var/lib), or start as another user")
                .orElse("PostgreSQL does not run as root, and none of unshare, setpriv and runuser can step aside"
                        + " here; start as another user, or use your own server with --postgres URL"));
    }

    /** Prints the user's number: anything but root's will do. */
    boolean works() {
        try {
            Command.Ended ended =
                    Command.of(ANYWHERE, PROBE_LIMIT, wrap(List.of("id", "-u"))).run();
            return ended.succeeded() && !ended.output().strip().equals("0");
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the command line that runs {@code command} as this user; the process is replaced, not doubled. */
    List<String> wrap(List<String> command) {
        List<String> line = new ArrayList<>();
        if (!prefix.isEmpty()) {
            line.addAll(List.of(prefix.split(" ", -1)));
        }
        line.addAll(command);
        return line;
    }

    /**
     * Makes a directory or file and all below it this user's.
     *
     * @throws EmbeddedFailure when it belongs to somebody else and cannot be given away
     */
    void own(Path tree) throws IOException {
        int uid = uid(tree);
        if (this == SELF) {
            int self = Files.exists(THIS_PROCESS) ? uid(THIS_PROCESS) : uid;
            if (uid != self) {
                throw new EmbeddedFailure(tree + " belongs to " + Files.getOwner(tree)
                        + "; start as that user or choose another data directory");
            }
            return;
        }
        if (uid == owner) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                give(file);
                return FileVisitResult.CONTINUE;
            }

            /** The top comes last: as long as it is not done, the next start does all again. */
            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
                if (fault != null) {
                    throw fault;
                }
                give(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Which of the directories this user may not enter; in a namespace root's are its own, and nobody else's. */
    Optional<Path> firstClosed(Path... directories) throws IOException {
        for (Path directory : directories) {
            if (!Command.of(ANYWHERE, PROBE_LIMIT, wrap(List.of("test", "-d", directory + "/.")))
                    .run()
                    .succeeded()) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
