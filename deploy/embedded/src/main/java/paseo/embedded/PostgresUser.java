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
    NOBODY_BY_RUNUSER(65534, "runuser -u nobody --");

    private static final Path ANYWHERE = Path.of("/");
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private final int owner;
    private final String prefix;

    PostgresUser(int owner, String prefix) {
        this.owner = owner;
        this.prefix = prefix;
    }

    /**
     * Chooses the first way that works here.
     *
     * @throws EmbeddedFailure as root, when none does
     */
    static PostgresUser choose() throws IOException {
        if (!Files.exists(THIS_PROCESS) || uid(THIS_PROCESS) != 0) {
            return SELF;
        }
        for (PostgresUser user : List.of(NAMESPACE, NOBODY_BY_SETPRIV, NOBODY_BY_RUNUSER)) {
            if (user.works()) {
                return user;
            }
        }
        throw new EmbeddedFailure("PostgreSQL does not run as root, and none of unshare, setpriv and runuser can step"
                + " aside here; start as another user, or use your own server with --postgres URL");
    }

    /** Prints the user's number: anything but root's will do. */
    private boolean works() {
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

    /**
     * Checks that this user gets to a directory at all: root's own home, for one, is closed to nobody.
     *
     * @param option what the caller would change to put it elsewhere
     */
    void reach(Path directory, String option) throws IOException {
        if (this != NOBODY_BY_SETPRIV && this != NOBODY_BY_RUNUSER) {
            return;
        }
        if (!Command.of(ANYWHERE, PROBE_LIMIT, wrap(List.of("test", "-x", directory.toString())))
                .run()
                .succeeded()) {
            throw new EmbeddedFailure("PostgreSQL does not run as root, user namespaces are blocked here, and user"
                    + " nobody may not enter " + directory + "; choose a place open to all (" + option
                    + ", for example below /var/lib), or start as another user");
        }
    }

    private void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
