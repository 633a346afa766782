package paseo.events;

/**
 * Names one frame for ever.
 *
 * @param camera id of the camera, not empty
 * @param epoch session of the camera, at least 0
 * @param number place in the order of showing from 0, before sampling; -1 in a heartbeat before the first frame
 * @param captureTimeMicros file: presentation time from the file's start; camera: the producer's clock since 1970
 * @param ingestTimeMicros when the producer took the frame in, since 1970
 */
public record FrameReference(String camera, long epoch, long number, long captureTimeMicros, long ingestTimeMicros) {
    public FrameReference {
        if (camera.isEmpty()) {
            throw new EventFormatException("a frame must name its camera");
        }
        if (epoch < 0 || number < -1) {
            throw new EventFormatException("frame " + camera + "/" + epoch + "/" + number + " is not countable");
        }
    }

    /** {@code camera/epoch/number}, the frame's id. */
    public String id() {
        return camera + "/" + epoch + "/" + number;
    }
}
