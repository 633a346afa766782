package paseo.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.events.Reach;
import paseo.matching.api.ApiSettings;
import picocli.CommandLine.Option;

/** The options that say where the page is served. */
final class PageOptions {
    private static final String OFF = "off";
    private static final String PASSWORD_VARIABLE = "PASEO_TLS_PASSWORD";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT|off",
            description = "Where the page and the API are served (default: 127.0.0.1:" + ApiSettings.STANDARD_PORT
                    + ", or another free port when that one is taken). An address that others can reach needs --tls.")
    private @Nullable String listen;

    @Option(
            names = "--tls",
            paramLabel = "FILE.p12",
            description =
                    "Certificate and key for the page, PKCS #12; the password is taken from " + PASSWORD_VARIABLE + ".")
    private @Nullable Path tls;

    @Option(
            names = "--photo-search",
            description = "Allow the page to search by photograph; each search is written to the audit trail.")
    private boolean photoSearch;

    @Option(
            names = "--camera-networks",
            paramLabel = "NETWORK[,NETWORK]",
            description =
                    "Networks that are not public, as 192.168.7.0/24, in which cameras may be that are added in the"
                            + " page (default: none; 'paseo cameras add' adds cameras anywhere).")
    private @Nullable String cameraNetworks;

    /** @throws Refusal if it is not an address to listen on, or not a network */
    PageSettings settings() {
        if (OFF.equals(listen)) {
            return PageSettings.off();
        }
        Optional<ApiSettings.Tls> certificate = Optional.ofNullable(tls)
                .map(file -> new ApiSettings.Tls(
                        file,
                        Optional.ofNullable(System.getenv(PASSWORD_VARIABLE)).orElse("")));
        try {
            String address = listen == null ? Integer.toString(ApiSettings.STANDARD_PORT) : listen;
            // The other port has no TLS.
            boolean elsewhere = listen == null && tls == null;
            return new PageSettings(
                    Optional.of(ApiSettings.parse(address, certificate)), elsewhere, photoSearch, reach());
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("--listen: " + e.getMessage());
        }
    }

    private Reach reach() {
        try {
            return cameraNetworks == null ? Reach.outside() : Reach.parse(cameraNetworks);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("--camera-networks: " + e.getMessage());
        }
    }
}
