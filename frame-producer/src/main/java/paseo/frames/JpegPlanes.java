package paseo.frames;

import static org.bytedeco.ffmpeg.global.avfilter.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.util.Locale;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Makes of decoded pictures the planes that JPEG wants: BT.601, full range, 4:2:0. What cameras and files nearly always
 * are, 4:2:0 of BT.601 or BT.709 and even size, goes through libzimg (FFmpeg's filter {@code zscale}), whose vector
 * instructions need a ninth of swscale's time for the range alone; everything else through {@link PictureConverter}.
 * Not thread-safe; holds native memory until closed.
 */
final class JpegPlanes implements AutoCloseable {
    /** {@code AV_FRAME_FLAG_INTERLACED}, which the binding does not have. */
    private static final int INTERLACED = 1 << 3;

    private final PictureConverter others = new PictureConverter();
    private final AVFrame input = av_frame_alloc();
    private final AVFrame planes = av_frame_alloc();
    private @Nullable Conversion current;
    private @Nullable AVFilterGraph graph;
    private @Nullable AVFilterContext source;
    private @Nullable AVFilterContext sink;

    private record Conversion(int width, int height, boolean full, int matrix, int toWidth, int toHeight) {
        String buffer() {
            return String.format(
                    Locale.ROOT,
                    "video_size=%dx%d:pix_fmt=yuv420p:time_base=1/25:range=%s:colorspace=%s",
                    width,
                    height,
                    full ? "pc" : "tv",
                    bt709() ? "bt709" : "smpte170m");
        }

        String scale() {
            return String.format(
                    Locale.ROOT,
                    "w=%d:h=%d:filter=bilinear:dither=none:rangein=%s:range=full:matrixin=%s:matrix=170m",
                    toWidth,
                    toHeight,
                    full ? "full" : "limited",
                    bt709() ? "709" : "170m");
        }

        private boolean bt709() {
            return matrix == AVCOL_SPC_BT709;
        }
    }

    /** Whether a picture's planes are JPEG's already. */
    static boolean are(AVFrame picture) {
        return planar(picture) && PictureConverter.fullRange(picture) && PictureConverter.jpegMatrix(picture);
    }

    /**
     * Converts a picture.
     *
     * @return the planes; belong to this converter and are overwritten by the next conversion
     * @throws VideoException if FFmpeg cannot
     */
    AVFrame convert(AVFrame picture, int width, int height) {
        boolean even = ((picture.width() | picture.height() | width | height) & 1) == 0;
        boolean known = PictureConverter.jpegMatrix(picture) || picture.colorspace() == AVCOL_SPC_BT709;
        if (!even || !known || !planar(picture)) {
            return others.convert(picture, width, height, AV_PIX_FMT_YUVJ420P);
        }
        Conversion wanted = new Conversion(
                picture.width(),
                picture.height(),
                PictureConverter.fullRange(picture),
                PictureConverter.jpegMatrix(picture) ? AVCOL_SPC_SMPTE170M : picture.colorspace(),
                width,
                height);
        if (!wanted.equals(current)) {
            closeGraph();
            open(wanted);
        }
        av_frame_ref(input, picture);
        input.format(AV_PIX_FMT_YUV420P);
        input.color_range(wanted.full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
        input.colorspace(wanted.matrix);
        // Neither changes, and zimg refuses what it does not know.
        input.color_primaries(AVCOL_PRI_UNSPECIFIED);
        input.color_trc(AVCOL_TRC_UNSPECIFIED);
        input.flags(input.flags() & ~INTERLACED);
        int taken = av_buffersrc_add_frame(source, input);
        // Taken over, unless that failed.
        av_frame_unref(input);
        check(taken, wanted);
        av_frame_unref(planes);
        check(av_buffersink_get_frame(sink, planes), wanted);
        planes.format(AV_PIX_FMT_YUVJ420P);
        return planes;
    }

    private static boolean planar(AVFrame picture) {
        return picture.format() == AV_PIX_FMT_YUV420P || picture.format() == AV_PIX_FMT_YUVJ420P;
    }

    private void open(Conversion wanted) {
        AVFilterGraph opened = avfilter_graph_alloc();
        graph = opened;
        // One picture of two megapixels is .2 ms of work: threads would cost more than they take over.
        opened.nb_threads(1);
        source = filter(opened, "buffer", wanted.buffer(), wanted);
        AVFilterContext scale = filter(opened, "zscale", wanted.scale(), wanted);
        sink = filter(opened, "buffersink", null, wanted);
        check(avfilter_link(source, 0, scale, 0), wanted);
        check(avfilter_link(scale, 0, sink, 0), wanted);
        check(avfilter_graph_config(opened, null), wanted);
        current = wanted;
    }

    private static AVFilterContext filter(
            AVFilterGraph graph, String name, @Nullable String options, Conversion wanted) {
        AVFilterContext filter = new AVFilterContext();
        check(avfilter_graph_create_filter(filter, avfilter_get_by_name(name), name, options, null, graph), wanted);
        return filter;
    }

    private static void check(int status, Conversion wanted) {
        if (status < 0) {
            throw new VideoException("a picture cannot be converted: " + wanted + ": " + FfmpegErrors.describe(status));
        }
    }

    private void closeGraph() {
        current = null;
        if (graph != null) {
            avfilter_graph_free(graph);
            graph = null;
        }
    }

    @Override
    public void close() {
        closeGraph();
        others.close();
        av_frame_free(input);
        av_frame_free(planes);
    }
}
