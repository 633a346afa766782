package paseo.operations;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every process that runs for long: where it shows how it is. */
public final class ManagementOptions {
    private static final int MOST = 65_535;

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:PASEO_MANAGEMENT}",
            description = "Where to show /metrics, /livez and /readyz over HTTP, as in 127.0.0.1:9464 or 0.0.0.0:9464;"
                    + " there is no password (default: environment variable PASEO_MANAGEMENT, else nowhere).")
    private @Nullable String address;

    /** Made by picocli. */
    public ManagementOptions() {}

    /**
     * Begins to show it, if that was asked for.
     *
     * @throws IllegalArgumentException if it is no address, or nobody can listen there
     */
    public Management open() {
        if (address == null || address.isBlank()) {
            return Management.silent();
        }
        InetSocketAddress parsed = parse(address);
        try {
            return Management.at(parsed);
        } catch (IOException e) {
            throw new IllegalArgumentException("--management: cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            InetSocketAddress parsed = colon > 0 && port >= 0 && port <= MOST
                    ? new InetSocketAddress(text.substring(0, colon), port)
                    : null;
            if (parsed != null && !parsed.isUnresolved()) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--management: " + text + " is not HOST:PORT", e);
        }
        throw new IllegalArgumentException("--management: " + text + " is not HOST:PORT of this machine");
    }
}
