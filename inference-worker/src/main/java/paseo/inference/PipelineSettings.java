package paseo.inference;

import java.util.Set;

/**
 * How a {@link FacePipeline} runs; but for rounding on another device nothing here changes what it finds.
 *
 * @param threads pictures looked at at once, each on one thread and those that are idle
 * @param device that computes the models
 * @param acceptedLicences ids of the restricted licences that the user accepts, see {@link ModelPack.Licence#id}
 */
public record PipelineSettings(int threads, Device device, Set<String> acceptedLicences) {
    /** Threads per core beside an accelerator, and at most: each holds the memory of a whole picture. */
    private static final int WAITING = 8;

    private static final int MOST_WAITING = 128;

    private static final int FRAMES = 16;

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
        return standard(Device.CPU);
    }

    /**
     * As many threads as the device is worth, no restricted licence accepted. Beside an accelerator threads wait for it
     * most of the time, and what they wait for together is computed together.
     */
    public static PipelineSettings standard(Device device) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new PipelineSettings(
                device == Device.CPU ? cores : Math.min(WAITING * cores, MOST_WAITING), device, Set.of());
    }

    /** Frames worth having in hand together: beside an accelerator two for each thread, so that few idle at the end. */
    public int framesAtOnce() {
        return device == Device.CPU ? FRAMES : Math.max(FRAMES, 2 * threads);
    }

    /** With these restricted licences accepted. */
    public PipelineSettings accepting(Set<String> licences) {
        return new PipelineSettings(threads, device, licences);
    }

    /** With that many threads. */
    public PipelineSettings withThreads(int number) {
        return new PipelineSettings(number, device, acceptedLicences);
    }
}
