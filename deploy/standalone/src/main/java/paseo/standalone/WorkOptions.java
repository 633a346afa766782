package paseo.standalone;

import paseo.frames.Carry;
import paseo.inference.Device;
import picocli.CommandLine.Option;

/** What the inference worker computes on, and how much. */
final class WorkOptions {
    @Option(
            names = "--device",
            defaultValue = "CPU",
            paramLabel = "cpu|cuda|tensorrt",
            description = "What computes the models. cuda and tensorrt need a build with -Pgpu, CUDA 12 and cuDNN 9"
                    + " (default: ${DEFAULT-VALUE}).")
    private Device device = Device.CPU;

    @Option(
            names = "--detect-every",
            defaultValue = "1",
            paramLabel = "N",
            description = "Look at one of N frames; the tracker bridges the others (default: ${DEFAULT-VALUE}).")
    private int detectEvery = 1;

    /** @throws Refusal if it is not a number of frames */
    Work work() {
        if (detectEvery < 1 || detectEvery > 1000) {
            throw Refusal.usage("--detect-every takes a number from 1 to 1000, not " + detectEvery);
        }
        return new Work(Carry.DECODED, device, detectEvery);
    }
}
