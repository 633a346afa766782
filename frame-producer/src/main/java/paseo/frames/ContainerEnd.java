package paseo.frames;

import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Tells a file that was cut off from one that ended: libavformat reports the end of both in the same way.
 *
 * <p>An index names bytes that the file must have (mp4); a header names a length that its packets, sound included, must
 * reach (mkv, webm), or how many frames there are (avi, whose index is cut off with its end).
 */
final class ContainerEnd {
    private static final long TOLERANCE_MICROS = 1_000_000;

    /** Share of the declared frames that a whole file may have: recorders count those, too, that they dropped. */
    private static final double COMPLETE = 0.95;

    private final AVFormatContext container;
    private final boolean bytesMissing;
    private final int video;
    private final long declaredFrames;
    private final long declaredMicros;
    private long frames;
    private long reachedMicros;

    ContainerEnd(AVFormatContext container, AVStream video) {
        this.container = container;
        long size = avio_size(container.pb());
        int entries = avformat_index_get_entries_count(video);
        AVIndexEntry last = entries > 0 ? avformat_index_get_entry(video, entries - 1) : null;
        bytesMissing = last != null && size > 0 && last.pos() + last.size() > size;
        this.video = video.index();
        declaredFrames = "avi".equals(container.iformat().name().getString()) ? video.nb_frames() : 0;
        declaredMicros =
                container.duration_estimation_method() == AVFMT_DURATION_FROM_STREAM && container.duration() > 0
                        ? container.duration()
                        : 0;
    }

    /** Takes note of how far the file's packets reach. */
    void saw(AVPacket packet) {
        if (packet.stream_index() == video) {
            frames++;
        }
        AVStream stream = container.streams(packet.stream_index());
        long timestamp = packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
        if (timestamp == AV_NOPTS_VALUE) {
            return;
        }
        AVRational base = stream.time_base();
        double seconds = (timestamp + Math.max(0, packet.duration())) * (double) base.num() / base.den();
        long start = container.start_time() == AV_NOPTS_VALUE ? 0 : container.start_time();
        reachedMicros = Math.max(reachedMicros, Math.round(seconds * 1e6) - start);
    }

    /** What is missing of the file, when it was cut off. To be asked at its end. */
    Optional<String> missing() {
        if (bytesMissing) {
            return Optional.of("the file is shorter than its own index says");
        }
        if (frames < declaredFrames * COMPLETE) {
            return Optional.of(frames + " of " + declaredFrames + " frames are there");
        }
        if (declaredMicros > 0 && reachedMicros + TOLERANCE_MICROS < declaredMicros) {
            return Optional.of("%.1f of %.1f seconds are there".formatted(reachedMicros / 1e6, declaredMicros / 1e6));
        }
        return Optional.empty();
    }
}
