package paseo.standalone;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where everything is remembered. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where people, faces and topics are remembered (default: $PASEO_HOME, which is ~/.paseo when"
                    + " not set). One command at a time; different directories know nothing of each other.")
    private @Nullable Path directory;

    /** The directory of the option or of the environment. */
    public Path directory() {
        return directory == null ? Homes.paseo() : directory;
    }
}
