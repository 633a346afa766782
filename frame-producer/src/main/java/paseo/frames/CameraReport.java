package paseo.frames;

import paseo.events.CameraStatus;

/**
 * How a watched camera is.
 *
 * @param id of the camera
 * @param address where it is, without secrets
 * @param partition that its frames go to
 * @param status state and counts
 * @param detail why; empty when all is well
 */
public record CameraReport(String id, String address, int partition, CameraStatus status, String detail) {
    static final String NOT_CONNECTED_YET = "not connected yet";

    /** Whether the first attempt to reach it is still under way. */
    public boolean connecting() {
        return detail.equals(NOT_CONNECTED_YET);
    }
}
