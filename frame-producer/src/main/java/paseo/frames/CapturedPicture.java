package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.*;

import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import paseo.events.Region;

/**
 * A picture on its way from the decoder to Kafka. It holds native memory until closed.
 *
 * @param session it belongs to
 * @param number in the session
 * @param captureMicros when it was taken, since 1970
 * @param picture a reference of its own
 */
record CapturedPicture(LiveSession session, long number, long captureMicros, AVFrame picture) implements AutoCloseable {

    /**
     * Takes a picture over, or a part of it.
     *
     * @param own from {@link CameraStream#keep}; freed where that fails
     */
    static CapturedPicture of(
            LiveSession session, long number, long captureMicros, AVFrame own, Optional<Region> part) {
        try {
            part.ifPresent(region -> crop(own, region));
            return new CapturedPicture(session, number, captureMicros, own);
        } catch (Throwable e) {
            av_frame_free(own);
            throw e;
        }
    }

    /** Moves the planes' pointers, by even numbers as colour is stored for two by two pixels. */
    private static void crop(AVFrame picture, Region region) {
        int width = picture.width();
        int height = picture.height();
        picture.crop_left(even(region.x() * width));
        picture.crop_top(even(region.y() * height));
        picture.crop_right(even((1 - region.x() - region.width()) * width));
        picture.crop_bottom(even((1 - region.y() - region.height()) * height));
        av_frame_apply_cropping(picture, AV_FRAME_CROP_UNALIGNED);
    }

    private static long even(double pixels) {
        return Math.max(0, (long) pixels) / 2 * 2;
    }

    @Override
    public void close() {
        av_frame_free(picture);
    }
}
