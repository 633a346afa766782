package paseo.standalone;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.inference.Device;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;
import paseo.matching.Reembedding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code paseo gallery reembed}. */
@Command(
        name = "reembed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Move everybody to another model pack: same persons, same sequences, new embeddings.",
        description = {
            "",
            "Embeddings of different packs cannot be compared, so a run with another --pack begins with nobody. This"
                    + " embeds the stored pictures of every decided sequence with the new pack, at most five each, makes a"
                    + " template of them by the rules of the tracker, and keeps it beside the one in use. Nobody is"
                    + " merged or split, no decision changes, and old runs export what they did before.",
            "",
            "Before the new templates are used, it is measured whether they show the same people: how many sequences"
                    + " find, among all others, one of their own person as the most similar one, and how many pairs that"
                    + " were seen in one frame stay below the new pack's threshold. If either share is less than"
                    + " --agreement, nothing is moved. Where nobody has two sequences, there is nothing to measure:"
                    + " --agreement 0 moves all the same.",
            "",
            "With --postgres this can go on while everything else runs; only for the move, a second or some minutes for"
                    + " very many, must nothing else be connected. Ctrl-C stops it, and the same command goes on where it"
                    + " was. Afterwards run with --pack PACK. The way back is the same command with the old pack; it"
                    + " begins with the stored pictures, too, so templates of all faces do not come back.",
            ""
        })
final class ReembedCommand implements Callable<Integer> {
    private static final String ACTOR = "command line";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PACK",
            description = "The new model pack, see 'paseo models', or the path of a manifest.")
    private String to = "";

    @Option(
            names = "--accept-licence",
            paramLabel = "ID",
            split = ",",
            description = "Accepts the restricted licence of a model pack, as in --accept-licence insightface.")
    private Set<String> acceptedLicences = new LinkedHashSet<>();

    @Option(
            names = "--agreement",
            defaultValue = "0.95",
            paramLabel = "F",
            description = "Least share of sequences that find their own person, and of pairs that stay apart"
                    + " (default: ${DEFAULT-VALUE}).")
    private double agreement;

    @Option(names = "--prepare", description = "Make templates and measure, but move nothing yet.")
    private boolean prepare;

    @Option(names = "--discard", description = "Remove the templates that were made for PACK and are not used.")
    private boolean discard;

    @Option(
            names = "--forget-opt-outs",
            description = "Move although people have opted out: there are no pictures of them, so the new pack will"
                    + " not recognise them, and what is seen of them will be kept.")
    private boolean forgetOptOuts;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration of the new pack, for its threshold (default: the one that is shipped for it).")
    private @Nullable Path calibration;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            paramLabel = "cpu|cuda|tensorrt",
            description = "What computes the models, see 'paseo run --help' (default: ${DEFAULT-VALUE}).")
    private Device device = Device.CPU;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private DatabaseOptions servers = new DatabaseOptions();

    @Override
    public Integer call() {
        if (!(agreement >= 0 && agreement <= 1)) {
            throw Refusal.usage("--agreement takes a share from 0 to 1, not " + agreement);
        }
        if (prepare && discard) {
            throw Refusal.usage("--prepare makes what --discard removes: give one of them");
        }
        ModelPack pack = ModelPack.load(to);
        Terminal terminal = Terminal.standard(false);
        if (discard) {
            discard(pack, terminal);
        } else {
            move(pack, terminal);
        }
        return ExitCodes.DONE;
    }

    private void discard(ModelPack pack, Terminal terminal) {
        int discarded = PeopleCommand.with(data, servers, terminal, settings -> {
            try (Reembedding gallery = Reembedding.open(settings, ACTOR, pack.id())) {
                return gallery.discard();
            }
        });
        terminal.print("removed the unused templates of " + Progress.counted(discarded, "sequence", "sequences")
                + " for " + pack.id() + "\n");
    }

    private void move(ModelPack pack, Terminal terminal) {
        Reembed.Wishes wishes = new Reembed.Wishes(
                agreement,
                prepare,
                forgetOptOuts,
                PackThresholds.of(pack, Optional.ofNullable(calibration), OptionalDouble.empty()));
        PipelineSettings settings = PipelineSettings.standard(device).accepting(acceptedLicences);
        ModelStore store = ModelStore.standard().complete(pack, acceptedLicences, terminal::note);
        try (FacePipeline pipeline = FacePipeline.open(pack, store, settings);
                StopSignal stop = StopSignal.install(terminal)) {
            PeopleCommand.with(data, servers, terminal, database -> {
                try (Reembedding gallery = Reembedding.open(database, ACTOR, pack.id());
                        ShotEmbedder embedder = new ShotEmbedder(pipeline, settings.threads(), terminal)) {
                    new Reembed(gallery, embedder, wishes, stop, terminal).execute();
                    return true;
                }
            });
        }
    }
}
