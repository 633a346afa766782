package paseo.standalone;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;
import paseo.matching.DatabaseSettings;
import paseo.matching.api.ApiServer;
import paseo.matching.api.PhotoFaces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code paseo open}. */
@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Show everybody who was ever seen in a page, without looking at anything new.",
        description = {
            "",
            "Serves the page that 'paseo run' and 'paseo watch' have too, until Ctrl-C: people, where and when they"
                    + " were seen, what is undecided. The address that is printed opens it.",
            ""
        })
final class OpenCommand implements Callable<Integer> {
    private static final long SHUTDOWN_LIMIT_MILLIS = 20_000;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private DatabaseOptions servers = new DatabaseOptions();

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public Integer call() {
        PageSettings settings = page.settings();
        if (settings.address().isEmpty()) {
            throw Refusal.usage("without --listen there is nothing to open");
        }
        if (servers.postgres().isEmpty()) {
            DataDirectory.requireUsed(data.directory());
        }
        Terminal terminal = Terminal.standard(false);
        // While models are fetched there is nothing to stop in order, and a signal ends the process at once.
        try (Models models = settings.photoSearch() ? models(terminal) : new Models(null)) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "paseo-shutdown"));
            PeopleCommand.with(data, servers, terminal, database -> {
                serve(settings, models, database, terminal);
                return true;
            });
        } finally {
            over.countDown();
        }
        return ExitCodes.DONE;
    }

    private void serve(PageSettings settings, Models models, DatabaseSettings database, Terminal terminal) {
        try (PageServer server = PageServer.start(
                settings,
                "open",
                database,
                new ApiServer.Parts(Optional.empty(), Optional.empty(), models.photographs()))) {
            terminal.print("page: " + server.link().orElseThrow() + "\n");
            terminal.note("Ctrl-C ends it");
            stopping.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Models models(Terminal terminal) {
        PipelineSettings standard = PipelineSettings.standard().accepting(recognition.acceptedLicences());
        PipelineSettings settings = standard.withThreads(recognition.threads().orElse(standard.threads()));
        ModelPack pack = ModelPack.load(recognition.pack());
        ModelStore store = ModelStore.standard().complete(pack, recognition.acceptedLicences(), terminal::note);
        return new Models(FacePipeline.open(pack, store, settings));
    }

    /** The models for photographs, if any. */
    private final class Models implements AutoCloseable {
        private final @Nullable FacePipeline pipeline;

        Models(@Nullable FacePipeline pipeline) {
            this.pipeline = pipeline;
        }

        Optional<PhotoFaces> photographs() {
            return Optional.ofNullable(pipeline)
                    .map(models -> new PipelinePhotos(
                            models,
                            PackThresholds.of(models.pack(), recognition.calibration(), recognition.targetFpir())));
        }

        @Override
        public void close() {
            if (pipeline != null) {
                pipeline.close();
            }
        }
    }

    private void stop() {
        stopping.countDown();
        try {
            if (!over.await(SHUTDOWN_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                Terminal.standard(false).error("not everything stopped in order; the next start will put it right");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
