package paseo.standalone;

import paseo.frames.Carry;
import paseo.inference.Device;

/**
 * How pictures get from the source to the models.
 *
 * @param carry in what form a file's go over Kafka
 * @param device that computes the models
 * @param detectEvery of so many frames one is looked at
 */
record Work(Carry carry, Device device, int detectEvery) {
    /** Every frame, as JPEG, on the processor. */
    static Work standard() {
        return new Work(Carry.DECODED, Device.CPU, 1);
    }

    /** With another form on the way. */
    Work withCarry(Carry form) {
        return new Work(form, device, detectEvery);
    }
}
