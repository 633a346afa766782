package paseo.standalone;

import paseo.frames.Carry;
import paseo.inference.DetectionInterval;
import paseo.inference.Device;

/**
 * How pictures get from the source to the models.
 *
 * @param carry in what form a file's go over Kafka
 * @param device that computes the models
 * @param interval of how many frames one is looked at
 */
record Work(Carry carry, Device device, DetectionInterval interval) {
    /** Every frame, as JPEG, on the processor. */
    static Work standard() {
        return new Work(Carry.DECODED, Device.CPU, DetectionInterval.EVERY_FRAME);
    }

    /** With another form on the way. */
    Work withCarry(Carry form) {
        return new Work(form, device, interval);
    }
}
