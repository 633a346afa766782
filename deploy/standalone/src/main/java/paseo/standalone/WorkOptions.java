package paseo.standalone;

import paseo.frames.Carry;
import paseo.inference.DetectionInterval;
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
            paramLabel = "N[/M]",
            converter = DetectionInterval.Converter.class,
            description = "Look at one of N frames, and at one of M while nothing moves, as in 1/5; the tracker bridges"
                    + " the others (default: ${DEFAULT-VALUE}).")
    private DetectionInterval interval = DetectionInterval.EVERY_FRAME;

    Work work() {
        return new Work(Carry.DECODED, device, interval);
    }
}
