package paseo.inference;

import java.util.Set;

/**
 * How a {@link FacePipeline} runs; but for rounding on another device nothing here changes what it finds.
 *
 * @param threads pictures looked at at once, each on one thread
 * @param device that computes the models
 * @param acceptedLicences ids of the restricted licences that the user accepts, see {@link ModelPack.Licence#id}
 */
public record PipelineSettings(int threads, Device device, Set<String> acceptedLicences) {
    public PipelineSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("a pipeline needs at least one thread, not " + threads);
        }
        acceptedLicences = Set.copyOf(acceptedLicences);
    }

    /** On the processor. */
    public PipelineSettings(int threads, Set<String> acceptedLicences) {
        this(threads, Device.CPU, acceptedLicences);
    }

    /** One thread per core, no restricted licence accepted. */
    public static PipelineSettings standard() {
        return new PipelineSettings(Runtime.getRuntime().availableProcessors(), Device.CPU, Set.of());
    }

    /** With these restricted licences accepted. */
    public PipelineSettings accepting(Set<String> licences) {
        return new PipelineSettings(threads, device, licences);
    }

    /** With that many threads. */
    public PipelineSettings withThreads(int number) {
        return new PipelineSettings(number, device, acceptedLicences);
    }

    /** On that device. */
    public PipelineSettings withDevice(Device other) {
        return new PipelineSettings(threads, other, acceptedLicences);
    }
}
