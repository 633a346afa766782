package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;
import paseo.events.Image;

/**
 * Makes upright JPEG pictures (JFIF: full range, BT.601, 4:2:0) of decoded frames, without a detour over RGB. Not
 * thread-safe; holds native memory until closed.
 */
public final class JpegEncoder implements AutoCloseable {
    /**
     * With this quantiser FFmpeg takes the tables as they are: it multiplies them by the quantiser and divides by 8.
     */
    private static final int NEUTRAL_QUANTISER = 8;

    private static final int TABLE_BYTES = 64 * Short.BYTES;

    private final int quality;
    private final JpegPlanes planes = new JpegPlanes();
    private final AVFrame input = av_frame_alloc();
    private final AVPacket packet = av_packet_alloc();
    private @Nullable AVCodecContext encoder;
    private long pictures;
    private boolean closed;

    /** @param quality 1 to 100, on libjpeg's scale */
    public JpegEncoder(int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("a JPEG quality lies between 1 and 100, not " + quality);
        }
        this.quality = quality;
    }

    /**
     * Encodes a frame.
     *
     * @param maxSide pixels of the longer side at most; a larger picture is scaled down to it
     * @throws VideoException if FFmpeg cannot make a JPEG of it
     */
    public Image encode(DecodedFrame frame, int maxSide) {
        int sourceWidth = frame.width();
        int sourceHeight = frame.height();
        double scale = Math.min(1, maxSide / (double) Math.max(sourceWidth, sourceHeight));
        int width = (int) Math.max(1, Math.round(sourceWidth * scale));
        int height = (int) Math.max(1, Math.round(sourceHeight * scale));
        try {
            AVFrame picture = upright(frame, width, height);
            picture.pts(pictures++);
            picture.pict_type(AV_PICTURE_TYPE_NONE);
            picture.quality(NEUTRAL_QUANTISER * FF_QP2LAMBDA);
            byte[] jpeg = encode(picture, width, height);
            return new Image(ByteBuffer.wrap(jpeg), width, height, sourceWidth, sourceHeight);
        } finally {
            av_frame_unref(input);
        }
    }

    private AVFrame upright(DecodedFrame frame, int width, int height) {
        AVFrame stored = frame.picture();
        Orientation orientation = frame.orientation();
        if (orientation.upright() && width == stored.width() && height == stored.height() && JpegPlanes.are(stored)) {
            av_frame_ref(input, stored);
            input.format(AV_PIX_FMT_YUVJ420P);
            return input;
        }
        int storedWidth = orientation.transpose() ? height : width;
        int storedHeight = orientation.transpose() ? width : height;
        AVFrame converted = planes.convert(stored, storedWidth, storedHeight);
        return orientation.upright() ? converted : turned(converted, orientation, width, height);
    }

    private AVFrame turned(AVFrame stored, Orientation orientation, int width, int height) {
        input.width(width);
        input.height(height);
        input.format(AV_PIX_FMT_YUVJ420P);
        if (av_frame_get_buffer(input, 0) < 0) {
            throw new OutOfMemoryError("no memory for a picture of " + width + "x" + height);
        }
        for (int plane = 0; plane < 3; plane++) {
            int shift = plane == 0 ? 0 : 1;
            int storedWidth = (stored.width() + shift) >> shift;
            int storedHeight = (stored.height() + shift) >> shift;
            byte[] bytes = Planes.read(stored, plane, storedWidth, storedHeight);
            byte[] turned = orientation.apply(bytes, storedWidth, storedHeight, 1);
            Planes.write(turned, input, plane, (width + shift) >> shift, (height + shift) >> shift);
        }
        return input;
    }

    private byte[] encode(AVFrame picture, int width, int height) {
        AVCodecContext context = encoderFor(width, height);
        check(avcodec_send_frame(context, picture), width, height);
        check(avcodec_receive_packet(context, packet), width, height);
        byte[] jpeg = new byte[packet.size()];
        packet.data().get(jpeg);
        av_packet_unref(packet);
        return jpeg;
    }

    private AVCodecContext encoderFor(int width, int height) {
        if (encoder != null && encoder.width() == width && encoder.height() == height) {
            return encoder;
        }
        closeEncoder();
        AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
        AVCodecContext context = avcodec_alloc_context3(codec);
        context.width(width);
        context.height(height);
        context.pix_fmt(AV_PIX_FMT_YUVJ420P);
        context.color_range(AVCOL_RANGE_JPEG);
        context.time_base().num(1).den(25);
        // With an aspect ratio the encoder writes the JFIF header; bit-exact leaves its version out of the bytes.
        context.sample_aspect_ratio().num(1).den(1);
        context.flags(context.flags() | AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT);
        context.thread_count(1);
        context.global_quality(NEUTRAL_QUANTISER * FF_QP2LAMBDA);
        context.intra_matrix(table(JpegTables.luma(quality)));
        context.chroma_intra_matrix(table(JpegTables.chroma(quality)));
        AVDictionary options = new AVDictionary(null);
        // Optimal tables are 5 % smaller but need the coefficients of the whole picture twice.
        av_dict_set(options, "huffman", "default", 0);
        int status = avcodec_open2(context, codec, options);
        av_dict_free(options);
        if (status < 0) {
            avcodec_free_context(context);
        }
        check(status, width, height);
        encoder = context;
        return context;
    }

    /** In memory that the codec context frees. */
    private static ShortPointer table(short[] values) {
        ShortPointer table = new ShortPointer(av_malloc(TABLE_BYTES));
        table.put(values);
        return table;
    }

    private static void check(int status, int width, int height) {
        if (status < 0) {
            throw new VideoException("a picture of " + width + "x" + height + " cannot be encoded as JPEG: "
                    + FfmpegErrors.describe(status));
        }
    }

    private void closeEncoder() {
        if (encoder != null) {
            avcodec_free_context(encoder);
            encoder = null;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeEncoder();
        planes.close();
        av_frame_free(input);
        av_packet_free(packet);
    }
}
