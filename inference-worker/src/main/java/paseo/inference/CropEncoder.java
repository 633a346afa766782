package paseo.inference;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Writes aligned faces of one size as JPEG, with full colour resolution. For one thread. */
final class CropEncoder implements AutoCloseable {
    /** FFmpeg's scale from 2 (best) to 31; 3 is about libjpeg's quality 92. */
    private static final int QUANTISER = 3;

    private final int width;
    private final int height;
    private final AVCodecContext encoder;
    private final AVFrame frame = av_frame_alloc();
    private final AVPacket packet = av_packet_alloc();
    private final byte[][] planes;

    CropEncoder(int width, int height) {
        this.width = width;
        this.height = height;
        this.planes = new byte[3][width * height];
        AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
        encoder = avcodec_alloc_context3(codec);
        encoder.width(width)
                .height(height)
                .pix_fmt(AV_PIX_FMT_YUVJ444P)
                .color_range(AVCOL_RANGE_JPEG)
                .time_base(av_make_q(1, 1))
                .thread_count(1)
                .global_quality(FF_QP2LAMBDA * QUANTISER)
                .flags(encoder.flags() | AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT);
        frame.width(width).height(height).format(AV_PIX_FMT_YUVJ444P).color_range(AVCOL_RANGE_JPEG);
        if (avcodec_open2(encoder, codec, (AVDictionary) null) < 0 || av_frame_get_buffer(frame, 0) < 0) {
            throw new IllegalStateException("FFmpeg cannot write JPEGs of " + width + "x" + height + " pixels");
        }
    }

    /** A read-only JPEG of the crop. */
    ByteBuffer encode(Crop crop) {
        av_frame_make_writable(frame);
        toYuv(crop.bgr());
        for (int plane = 0; plane < planes.length; plane++) {
            BytePointer rows = frame.data(plane);
            for (int y = 0; y < height; y++) {
                rows.position((long) y * frame.linesize(plane)).put(planes[plane], y * width, width);
            }
        }
        frame.quality(encoder.global_quality());
        if (avcodec_send_frame(encoder, frame) < 0 || avcodec_receive_packet(encoder, packet) < 0) {
            throw new IllegalStateException("FFmpeg could not write a JPEG");
        }
        byte[] jpeg = new byte[packet.size()];
        packet.data().get(jpeg);
        av_packet_unref(packet);
        return ByteBuffer.wrap(jpeg).asReadOnlyBuffer();
    }

    /** As JFIF (ITU-R BT.601, full range) has it. */
    private void toYuv(byte[] bgr) {
        for (int i = 0; i < width * height; i++) {
            float b = bgr[3 * i] & 0xff;
            float g = bgr[3 * i + 1] & 0xff;
            float r = bgr[3 * i + 2] & 0xff;
            planes[0][i] = toByte(0.299f * r + 0.587f * g + 0.114f * b);
            planes[1][i] = toByte(128 - 0.168736f * r - 0.331264f * g + 0.5f * b);
            planes[2][i] = toByte(128 + 0.5f * r - 0.418688f * g - 0.081312f * b);
        }
    }

    private static byte toByte(float value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }

    @Override
    public void close() {
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(encoder);
    }
}
