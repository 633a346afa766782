package paseo.standalone;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import paseo.frames.FrameProducer;
import paseo.frames.SourceStatus;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;
import paseo.matching.Archive;
import paseo.matching.Thresholds;
import paseo.matching.api.ApiServer;
import paseo.operations.Management;

/** From videos to people: starts everything, waits until everything that was seen is decided, tells what was found. */
final class Run {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Nobody waits for the next sighting of a file, and commits cost. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);

    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(40);
    /** The frames on their way take up to half of it, the database's log most of the rest. */
    private static final long LEAST_SPACE = 1L << 30;

    private final RunSettings settings;
    private final PageSettings page;
    private final Terminal terminal;
    private final Management management;
    private final MeterRegistry meters;
    private final AtomicReference<String> serverFailure = new AtomicReference<>();
    private final Set<String> reported = new HashSet<>();
    private final CountDownLatch over = new CountDownLatch(1);
    /** The inputs, those of the web where they have been fetched to. */
    private List<String> files = List.of();

    private volatile boolean interrupted;

    /** A run without a page. */
    Run(RunSettings settings, Terminal terminal) {
        this(settings, PageSettings.off(), terminal, Management.silent());
    }

    /** The same with a page, which shows how it is. */
    Run(RunSettings settings, PageSettings page, Terminal terminal, Management management) {
        this.management = management;
        this.meters = management.meters();
        this.settings = settings;
        this.page = page;
        this.terminal = terminal;
    }

    /**
     * What came of it.
     *
     * @param findings of all inputs
     * @param report the page's file
     */
    record Outcome(Findings findings, Path report) {
        /** Whether every input could be read to its end. */
        boolean complete() {
            return findings.sources().stream().allMatch(source -> source.error().isEmpty());
        }
    }

    /**
     * Does it all; blocks. A SIGINT or SIGTERM meanwhile stops everything in order, and the same run goes on another
     * time where it was.
     *
     * @throws Refusal if it cannot begin or cannot go on
     */
    Outcome execute() {
        return execute(outcome -> {});
    }

    /**
     * The same.
     *
     * @param found told what came of it before copies of the videos are made: that takes long, and may fail
     */
    Outcome execute(Consumer<Outcome> found) {
        Outputs.check(settings);
        try (DataDirectory data = DataDirectory.open(settings.data())) {
            LogFile.open(data.log());
            requireSpace(data);
            Thresholds thresholds = PackThresholds.of(ModelPack.load(settings.pack()), settings, terminal::note);
            // The models first: a wrong pack is the likeliest mistake, and found in a second.
            try (FacePipeline pipeline = openPipeline(settings, terminal::note)) {
                RemoteVideos remote = new RemoteVideos(data.downloads(), terminal);
                files = remote.files(settings.inputs());
                // What was fetched takes room, too.
                requireSpace(data);
                return stoppable(() -> {
                    Outcome outcome = execute(data, pipeline, thresholds, found);
                    remote.delete();
                    return outcome;
                });
            }
        }
    }

    /** Until here there is nothing to stop in order, and a signal ends the process at once. */
    private Outcome stoppable(Supplier<Outcome> work) {
        Thread hook = new Thread(this::stopInOrder, "paseo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            over.countDown();
            if (!interrupted) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private void stopInOrder() {
        interrupted = true;
        terminal.note("stopping; the same command goes on where it was");
        try {
            if (!over.await(SHUTDOWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                terminal.error("not everything stopped in order; the next start will put it right");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome execute(DataDirectory data, FacePipeline pipeline, Thresholds thresholds, Consumer<Outcome> found) {
        try (Servers servers = Servers.start(
                        data, settings.kafka(), settings.postgres(), settings.pgvector(), terminal::note);
                Archive archive = Archive.open(servers.database());
                PageServer shown = PageServer.start(
                        page, "run", servers.database(), parts(page, servers, meters, pipeline, thresholds))) {
            shown.link().ifPresent(link -> terminal.note("page: " + link));
            servers.onFailure(reason -> serverFailure.compareAndSet(null, reason));
            List<SourceStatus> sources = process(servers, data, pipeline, thresholds, archive);
            return tell(data, archive, sources, found);
        }
    }

    /** What the page has beside the database. */
    static ApiServer.Parts parts(
            PageSettings page, Servers servers, MeterRegistry meters, FacePipeline pipeline, Thresholds thresholds) {
        return new ApiServer.Parts(
                Optional.of(servers.kafka()),
                Optional.of(meters),
                page.photoSearch() ? Optional.of(new PipelinePhotos(pipeline, thresholds)) : Optional.empty(),
                page.cameras());
    }

    /** @throws Refusal if the disk is too full to begin */
    static void requireSpace(DataDirectory data) {
        long free = data.usableSpace();
        if (free < LEAST_SPACE) {
            throw Refusal.atStart(String.format(
                    Locale.ROOT,
                    "only %,d MiB are free in the data directory %s, %,d are needed: make room, or choose another"
                            + " with --data",
                    free >> 20,
                    data.root(),
                    LEAST_SPACE >> 20));
        }
    }

    /**
     * The models of the pack that is asked for.
     *
     * @param note told when they have to be fetched first
     */
    static FacePipeline openPipeline(RunSettings settings, Consumer<String> note) {
        PipelineSettings pipeline =
                PipelineSettings.standard(settings.work().device()).accepting(settings.acceptedLicences());
        if (settings.threads().isPresent()) {
            pipeline = pipeline.withThreads(settings.threads().getAsInt());
        }
        ModelPack pack = ModelPack.load(settings.pack());
        return FacePipeline.open(
                pack, ModelStore.standard().complete(pack, settings.acceptedLicences(), note), pipeline);
    }

    /** Runs the services until every source has ended and everything of it is decided. */
    private List<SourceStatus> process(
            Servers servers, DataDirectory data, FacePipeline pipeline, Thresholds thresholds, Archive archive) {
        try (FrameProducer producer =
                        Feeds.files(servers, settings, files, pipeline.pack().id(), management);
                Services services = new Services(
                        servers,
                        data,
                        pipeline,
                        thresholds,
                        Feeds.of(producer),
                        COMMIT_INTERVAL,
                        settings.work().interval(),
                        management)) {
            services.start();
            Sessions sessions = new Sessions(archive);
            Patience patience = new Patience(files, progress(producer.status()), System.nanoTime());
            while (true) {
                List<SourceStatus> sources = producer.status();
                Progress progress = progress(sources);
                terminal.progress(progress);
                report(sources);
                check(services, data);
                if (sources.stream().allMatch(Progress::ended) && sessions.finished(sources)) {
                    terminal.lastProgress(progress(sources));
                    return sources;
                }
                Optional<Duration> still = patience.exceeded(progress, System.nanoTime());
                if (still.isPresent()) {
                    throw Refusal.failed(
                            "nothing has moved for " + still.get().toMinutes() + " minutes: look into " + data.log()
                                    + "; the same command goes on where it was",
                            null);
                }
                pause();
            }
        }
    }

    /** Which sessions the database has in full; those are not asked for again. */
    private static final class Sessions {
        private final Archive archive;
        private final Set<String> finished = new HashSet<>();

        Sessions(Archive archive) {
            this.archive = archive;
        }

        boolean finished(List<SourceStatus> sources) {
            for (SourceStatus source : sources) {
                String session = source.camera() + "/" + source.epoch();
                if (!source.camera().isEmpty() && !finished.contains(session)) {
                    if (!archive.session(source.camera(), source.epoch()).finished()) {
                        return false;
                    }
                    finished.add(session);
                }
            }
            return true;
        }
    }

    private void report(List<SourceStatus> sources) {
        for (SourceStatus source : sources) {
            if (source.state() == SourceStatus.State.FAILED) {
                source.error().filter(reported::add).ifPresent(terminal::error);
            }
        }
    }

    private void check(Services services, DataDirectory data) {
        String server = serverFailure.get();
        if (server != null) {
            throw stop(server, null, data);
        }
        Optional<Throwable> failure = services.failure();
        if (failure.isPresent()) {
            String reason = Objects.requireNonNullElse(
                    failure.get().getMessage(), failure.get().toString());
            throw stop(reason, failure.get(), data);
        }
        requireNotStopped();
    }

    private void requireNotStopped() {
        if (interrupted) {
            throw Refusal.failed("stopped", null);
        }
    }

    private Refusal stop(String reason, @Nullable Throwable cause, DataDirectory data) {
        String named = data.orFull(reason);
        terminal.note("stopping: " + named);
        return Refusal.failed(named + "; the same command goes on where it was", cause);
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted", e);
        }
    }

    private Progress progress(List<SourceStatus> sources) {
        return new Progress(
                sources.size(),
                (int) sources.stream().filter(Progress::ended).count(),
                beginning(sources),
                sources.stream().mapToLong(SourceStatus::framesRead).sum(),
                sources.stream().mapToLong(SourceStatus::framesPublished).sum(),
                count("paseo.frames.processed") + count("paseo.frames.dropped", "reason", Services.WORKER_DROPS),
                Progress.expected(sources),
                count("paseo.faces.detected"),
                count("paseo.sequences.closed"),
                count("paseo.gallery.persons"));
    }

    private static Optional<String> beginning(List<SourceStatus> sources) {
        return sources.stream()
                .filter(source -> !Progress.ended(source))
                .findFirst()
                .filter(next -> next.state() == SourceStatus.State.WAITING)
                .map(SourceStatus::name);
    }

    private long count(String name) {
        return meters.find(name).meters().stream().mapToLong(Run::value).sum();
    }

    private long count(String name, String tag, Set<String> values) {
        return meters.find(name).meters().stream()
                .filter(meter ->
                        values.contains(Objects.requireNonNullElse(meter.getId().getTag(tag), "")))
                .mapToLong(Run::value)
                .sum();
    }

    private static long value(Meter meter) {
        for (var measurement : meter.measure()) {
            return (long) measurement.getValue();
        }
        return 0;
    }

    private Outcome tell(DataDirectory data, Archive archive, List<SourceStatus> sources, Consumer<Outcome> found) {
        FindingsReader reader = new FindingsReader(archive);
        Findings findings = reader.read(sources);
        Outcome outcome = new Outcome(findings, writeReport(data, findings));
        settings.export()
                .ifPresent(
                        directory -> Export.write(directory, findings, consumer -> reader.faces(findings, consumer)));
        found.accept(outcome);
        settings.annotate()
                .ifPresent(target -> new Annotations(files, reader, terminal, sampling(), this::requireNotStopped)
                        .write(findings, target));
        return outcome;
    }

    private AnnotatedVideo.Sampling sampling() {
        return new AnnotatedVideo.Sampling(
                settings.fps(), settings.work().interval().still());
    }

    private static Path writeReport(DataDirectory data, Findings findings) {
        Path report = data.reports().resolve(ReportName.of(findings));
        try {
            Files.createDirectories(data.reports());
            Files.writeString(report, Report.of(findings));
            return report;
        } catch (IOException e) {
            throw Refusal.failed("cannot write the report " + report + " (" + DataDirectory.reason(e) + ")", e);
        }
    }
}
