package paseo.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import paseo.inference.Device;
import paseo.inference.DeviceTrial;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;
import picocli.CommandLine.Option;

/** Which models to measure. */
final class PackOptions {
    @Option(
            names = "--pack",
            defaultValue = "retail",
            paramLabel = "NAME|FILE",
            description = "Model pack, by name or by the path of its manifest. Default: ${DEFAULT-VALUE}.")
    private String pack = "retail";

    @Option(
            names = "--accept-licence",
            paramLabel = "ID",
            description = "Accept the restricted licence of a model pack.")
    private Set<String> accepted = new LinkedHashSet<>();

    ModelPack load() {
        return ModelPack.load(pack);
    }

    FacePipeline open(ModelPack loaded, int threads) {
        return open(loaded, threads, Device.CPU);
    }

    FacePipeline open(ModelPack loaded, int threads, Device device) {
        return FacePipeline.open(
                loaded,
                store(loaded),
                PipelineSettings.standard(device).withThreads(threads).accepting(accepted));
    }

    /** Detector and embedder alone. */
    DeviceTrial openTrial(ModelPack loaded, Device device) {
        return DeviceTrial.open(loaded, store(loaded), device, accepted);
    }

    private ModelStore store(ModelPack loaded) {
        return ModelStore.standard().complete(loaded, accepted, System.err::println);
    }

    /** The options as they would be given to {@code paseo run}. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--pack", pack));
        accepted.forEach(licence -> arguments.addAll(List.of("--accept-licence", licence)));
        return arguments;
    }
}
