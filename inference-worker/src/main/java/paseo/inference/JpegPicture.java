package paseo.inference;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** The JPEG of a frame on the wire; it stays in the planes that JPEG has, see {@link FramePicture}. */
final class JpegPicture implements Picture, AutoCloseable {
    static {
        // A damaged picture is reported once, by us.
        av_log_set_level(AV_LOG_FATAL);
    }

    private final AVCodecContext decoder;
    private final AVFrame frame = av_frame_alloc();
    private final AVPacket packet = av_packet_alloc();
    private final FramePicture planes = new FramePicture();
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    JpegPicture() {
        AVCodec codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
        decoder = avcodec_alloc_context3(codec);
        decoder.thread_count(1);
        decoder.err_recognition(AV_EF_EXPLODE);
        decoder.max_pixels(JpegHeader.MOST_PIXELS);
        if (avcodec_open2(decoder, codec, (AVDictionary) null) < 0) {
            throw new IllegalStateException("FFmpeg has no JPEG decoder");
        }
    }

    /**
     * Decodes a picture; it becomes this.
     *
     * @throws UnreadablePictureException if it is damaged, or no JPEG
     */
    JpegPicture of(ByteBuffer jpeg) {
        av_frame_unref(frame);
        int size = jpeg.remaining();
        int padded = size + AV_INPUT_BUFFER_PADDING_SIZE;
        if (bytes.capacity() < padded) {
            bytes = ByteBuffer.allocateDirect(padded + padded / 2);
        }
        bytes.put(0, jpeg, jpeg.position(), size);
        for (int i = size; i < padded; i++) {
            bytes.put(i, (byte) 0);
        }
        packet.data(new BytePointer(bytes).position(0)).size(size);
        int sent = avcodec_send_packet(decoder, packet);
        int received = sent < 0 ? sent : avcodec_receive_frame(decoder, frame);
        if (received < 0 || frame.decode_error_flags() != 0) {
            throw new UnreadablePictureException("a damaged JPEG");
        }
        planes.of(frame);
        return this;
    }

    @Override
    public int width() {
        return planes.width();
    }

    @Override
    public int height() {
        return planes.height();
    }

    @Override
    public void scaleTo(Letterbox box, boolean blueFirst, ByteBuffer into) {
        planes.scaleTo(box, blueFirst, into);
    }

    @Override
    public BgrImage full() {
        return planes.full();
    }

    @Override
    public void close() {
        packet.data(null).size(0);
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(decoder);
        planes.close();
    }
}
