package paseo.standalone;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import paseo.events.CameraStatus.State;
import paseo.frames.CameraProducer;
import paseo.frames.CameraReport;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.matching.Thresholds;
import paseo.operations.Management;

/** Watches cameras until it is stopped and says who passes. */
final class Watch {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(40);
    /** Each commit costs, and whoever waits at a camera waits for it. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    private final RunSettings settings;
    private final PageSettings page;
    private final Terminal terminal;
    private final Management management;
    private final AtomicReference<String> serverFailure = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, State> saidOf = new HashMap<>();
    private volatile List<CameraReport> cameras = List.of();
    private volatile boolean stopping;

    /** @param settings whose inputs are addresses of cameras, or none for all that are stored */
    Watch(RunSettings settings, Terminal terminal) {
        this(settings, terminal, Management.silent());
    }

    /** Without a page. */
    Watch(RunSettings settings, Terminal terminal, Management management) {
        this(settings, PageSettings.off(), terminal, management);
    }

    Watch(RunSettings settings, PageSettings page, Terminal terminal, Management management) {
        this.settings = settings;
        this.page = page;
        this.terminal = terminal;
        this.management = management;
    }

    /**
     * Watches; blocks until {@link #stop}, SIGINT or SIGTERM, and then stops everything in order.
     *
     * @throws Refusal if it cannot begin or cannot go on
     */
    void execute() {
        try (DataDirectory data = DataDirectory.open(settings.data())) {
            LogFile.open(data.log());
            Run.requireSpace(data);
            Thresholds thresholds = PackThresholds.of(ModelPack.load(settings.pack()), settings, terminal::note);
            try (FacePipeline pipeline = Run.openPipeline(settings, terminal::note)) {
                executeStoppable(data, pipeline, thresholds);
            }
        }
    }

    /** Until here there is nothing to stop in order, and a signal ends the process at once. */
    private void executeStoppable(DataDirectory data, FacePipeline pipeline, Thresholds thresholds) {
        Thread hook = new Thread(this::stopInOrder, "paseo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            execute(data, pipeline, thresholds);
        } finally {
            over.countDown();
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /** Asks {@link #execute} to return. */
    void stop() {
        stopping = true;
    }

    /** How each camera is. */
    List<CameraReport> cameras() {
        return cameras;
    }

    private void stopInOrder() {
        stop();
        try {
            if (!over.await(SHUTDOWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                terminal.error("not everything stopped in order; the next start will put it right");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void execute(DataDirectory data, FacePipeline pipeline, Thresholds thresholds) {
        try (Servers servers = Servers.start(
                        data, settings.kafka(), settings.postgres(), settings.pgvector(), terminal::note);
                CameraProducer producer =
                        Feeds.cameras(servers, settings, pipeline.pack().id(), management);
                Services services = new Services(
                        servers,
                        data,
                        pipeline,
                        thresholds,
                        Feeds.of(producer),
                        COMMIT_INTERVAL,
                        settings.work().interval(),
                        management);
                SightingStream sightings = new SightingStream(servers.kafka());
                PageServer shown = PageServer.start(
                        page,
                        "watch",
                        servers.database(),
                        Run.parts(page, servers, management.meters(), pipeline, thresholds))) {
            shown.link().ifPresent(link -> terminal.note("page: " + link));
            servers.onFailure(reason -> serverFailure.compareAndSet(null, reason));
            services.start();
            SharedKafka shared = settings.kafka().isPresent()
                    ? SharedKafka.none()
                    : SharedKafka.announce(data, servers.kafka().bootstrapServers());
            try {
                say(producer, services, sightings, data);
            } finally {
                shared.withdraw();
            }
            terminal.note("stopping");
        }
    }

    private void say(CameraProducer producer, Services services, SightingStream sightings, DataDirectory data) {
        terminal.note(
                settings.inputs().isEmpty()
                        ? "watching the cameras of 'paseo cameras list'; Ctrl-C ends it"
                        : "watching; Ctrl-C ends it");
        PassingLines lines = new PassingLines(ZoneId.systemDefault());
        while (!stopping) {
            sightings
                    .next(POLL)
                    .forEach(sighting -> lines.line(sighting).ifPresent(line -> terminal.print(line + "\n")));
            cameras = producer.status();
            cameras.forEach(this::sayState);
            check(services, data);
        }
    }

    private void sayState(CameraReport camera) {
        State state = camera.status().state();
        if (!camera.connecting() && saidOf.put(camera.id(), state) != state) {
            String why = camera.detail().isEmpty() ? "" : ": " + camera.detail();
            terminal.note("camera " + camera.id() + " is " + state.name().toLowerCase(Locale.ROOT) + why);
        }
    }

    private void check(Services services, DataDirectory data) {
        String server = serverFailure.get();
        Optional<Throwable> failure = services.failure();
        if (server == null && failure.isEmpty()) {
            return;
        }
        String reason = server != null
                ? server
                : Objects.requireNonNullElse(
                        failure.orElseThrow().getMessage(), failure.get().toString());
        throw Refusal.failed(data.orFull(reason) + "; see " + data.log(), failure.orElse(null));
    }
}
