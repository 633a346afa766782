package paseo.inference;

import java.util.Set;

/**
 * How a {@link FacePipeline} runs; nothing here changes what it finds.
 *
 * @param threads pictures looked at at once, each on one thread
 * @param acceptedLicences ids of the restricted licences that the user accepts, see {@link ModelPack.Licence#id}
 */
public record PipelineSettings(int threads, Set<String> acceptedLicences) {
    public PipelineSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("a pipeline needs at least one thread, not " + threads);
        }
        acceptedLicences = Set.copyOf(acceptedLicences);
    }

    /** One thread per core, no restricted licence accepted. */
    public static PipelineSettings standard() {
        return new PipelineSettings(Runtime.getRuntime().availableProcessors(), Set.of());
    }

    /** With these restricted licences accepted. */
    public PipelineSettings accepting(Set<String> licences) {
        return new PipelineSettings(threads, licences);
    }

    /** With that many threads. */
    public PipelineSettings withThreads(int number) {
        return new PipelineSettings(number, acceptedLicences);
    }
}
