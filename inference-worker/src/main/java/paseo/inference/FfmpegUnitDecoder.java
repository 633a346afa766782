package paseo.inference;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import paseo.events.AccessUnit;

/** {@link UnitDecoder} over FFmpeg, one thread each: many cameras are what fills a machine. */
final class FfmpegUnitDecoder implements UnitDecoder<AVFrame> {
    static {
        av_log_set_level(AV_LOG_FATAL);
    }

    private final AVCodecContext decoder;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private boolean closed;

    private FfmpegUnitDecoder(AVCodecContext decoder) {
        this.decoder = decoder;
    }

    /**
     * A decoder for the stream of a key picture.
     *
     * @throws UnreadablePictureException if there is none for it
     */
    static FfmpegUnitDecoder of(AccessUnit key) {
        AVCodec codec = avcodec_find_decoder(
                switch (key.codec()) {
                    case "h264" -> AV_CODEC_ID_H264;
                    case "hevc" -> AV_CODEC_ID_HEVC;
                    default -> throw new UnreadablePictureException("access units coded as " + key.codec());
                });
        AVCodecContext context = avcodec_alloc_context3(codec);
        int size = key.extradata().remaining();
        if (size > 0) {
            // In memory that the codec context frees.
            BytePointer extradata = new BytePointer(av_mallocz((long) size + AV_INPUT_BUFFER_PADDING_SIZE));
            extradata.put(bytes(key.extradata()));
            context.extradata(extradata).extradata_size(size);
        }
        context.thread_count(1);
        context.max_pixels(JpegHeader.MOST_PIXELS);
        context.has_b_frames(key.delay());
        if (avcodec_open2(context, codec, (AVDictionary) null) < 0) {
            avcodec_free_context(context);
            throw new UnreadablePictureException("access units with damaged settings of their codec");
        }
        return new FfmpegUnitDecoder(context);
    }

    @Override
    public List<Shown<AVFrame>> decode(AccessUnit unit, long number) {
        byte[] data = bytes(unit.data());
        if (av_new_packet(packet, data.length) < 0) {
            throw new OutOfMemoryError("no memory for an access unit of " + data.length + " bytes");
        }
        packet.data().put(data);
        // The decoder hands a packet's time on to its picture.
        packet.pts(number).dts(unit.position()).flags(unit.key() ? AV_PKT_FLAG_KEY : 0);
        // What a damaged unit gives is an error here or a picture missing below; both are counted by the missing
        // picture.
        avcodec_send_packet(decoder, packet);
        av_packet_unref(packet);
        return received();
    }

    @Override
    public List<Shown<AVFrame>> drain() {
        avcodec_send_packet(decoder, (@Nullable AVPacket) null);
        return received();
    }

    private List<Shown<AVFrame>> received() {
        List<Shown<AVFrame>> shown = new ArrayList<>();
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            shown.add(new Shown<>(frame.pts(), av_frame_clone(frame)));
            av_frame_unref(frame);
        }
        return shown;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            avcodec_free_context(decoder);
            av_packet_free(packet);
            av_frame_free(frame);
        }
    }
}
