package paseo.matching.api;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Reach;
import paseo.matching.ApiDatabase;
import paseo.operations.KafkaConnection;

/** The HTTP server of page and API. Everything a stranger can make large or slow has a limit. */
public final class ApiServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

    private static final int THREADS = 40;
    /** Clients that listen keep theirs open; see {@link LiveEvents}. */
    private static final int CONNECTIONS = 1_200;

    private static final long IDLE_MILLIS = 30_000;
    private static final long STOP_MILLIS = 3_000;
    private static final int HEADER_BYTES = 8 << 10;
    /** Of a body: even the largest comes within minutes, and a JSON one at once. */
    private static final long LEAST_BYTES_PER_SECOND = 1_024;

    private final Server server;
    private final ServerConnector connector;
    private final LiveEvents events;
    private final LivePictures pictures;
    private final ApiSettings settings;

    /**
     * What may be there besides the database.
     *
     * @param kafka for live events
     * @param meters of the services in this process
     * @param photographs finds the faces in photographs
     * @param cameras how far the connections to cameras may go that are stored over the API
     */
    public record Parts(
            Optional<KafkaConnection> kafka,
            Optional<MeterRegistry> meters,
            Optional<PhotoFaces> photographs,
            Reach cameras) {
        /** With cameras at public addresses only. */
        public Parts(
                Optional<KafkaConnection> kafka, Optional<MeterRegistry> meters, Optional<PhotoFaces> photographs) {
            this(kafka, meters, photographs, Reach.outside());
        }

        /** Nothing but the database. */
        public static Parts none() {
            return new Parts(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** The address cannot be listened on. */
    public static final class UnusableAddressException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableAddressException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private ApiServer(
            ApiSettings settings, Server server, ServerConnector connector, LiveEvents events, LivePictures pictures) {
        this.settings = settings;
        this.server = server;
        this.connector = connector;
        this.events = events;
        this.pictures = pictures;
    }

    /**
     * Begins to listen.
     *
     * @param database closed by whoever opened it, after this
     * @throws UnusableAddressException if another program listens there, or the certificate cannot be used
     */
    public static ApiServer start(ApiSettings settings, ApiDatabase database, Parts parts) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("paseo-api");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setStopTimeout(STOP_MILLIS);
        ServerConnector connector = connector(server, settings);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
        connector.addBean(new HeaderDeadline(connector));
        LiveEvents events = new LiveEvents(parts.kafka(), database.tokens(), Clock.systemUTC());
        LivePictures pictures = new LivePictures(parts.kafka());
        OpenApi document = OpenApi.shipped();
        PhotoSearch photographs = new PhotoSearch(database, parts.photographs());
        SystemState system = new SystemState(parts.meters(), events.live(), photographs.possible());
        CameraStore store = new CameraStore(parts.kafka(), parts.cameras(), database.audit());
        Router router = new Router(
                document.operations(),
                new Endpoints(database, events, pictures, system, store, photographs, document).all());
        MinimumDataRateHandler pace = new MinimumDataRateHandler(LEAST_BYTES_PER_SECOND, 0);
        pace.setHandler(new ApiHandler(
                router, new Requests(document.schemas()), database.tokens(), settings.loopback(), Clock.systemUTC()));
        server.setHandler(pace);
        server.setErrorHandler(new ProblemErrors());
        try {
            server.start();
        } catch (Exception e) {
            events.close();
            stop(server);
            throw new UnusableAddressException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
        return new ApiServer(settings, server, connector, events, pictures);
    }

    private static ServerConnector connector(Server server, ApiSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        ServerConnector connector;
        if (settings.tls().isPresent()) {
            http.addCustomizer(new SecureRequestCustomizer(false));
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setKeyStorePath(settings.tls().get().keyStore().toUri().toString());
            tls.setKeyStorePassword(settings.tls().get().password());
            tls.setKeyStoreType("PKCS12");
            connector = new ServerConnector(server, tls, new HttpConnectionFactory(http));
        } else {
            connector = new ServerConnector(server, new HttpConnectionFactory(http));
        }
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    /** Where it listens. */
    public URI address() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return URI.create(
                (settings.tls().isPresent() ? "https" : "http") + "://" + host + ":" + connector.getLocalPort() + "/");
    }

    /** How many clients listen to live events. */
    int listeners() {
        return events.clients();
    }

    @Override
    public void close() {
        events.close();
        pictures.close();
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
            if (!server.isStopped()) {
                log.warn("the API's server has not stopped within {} s", TimeUnit.MILLISECONDS.toSeconds(STOP_MILLIS));
            }
        } catch (Exception e) {
            log.warn("the API's server did not stop in order", e);
        }
    }
}
