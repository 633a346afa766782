package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * An opened file or stream and the decoder of its video: packets in, pictures out. The loop that {@link VideoFile} and
 * {@link CameraStream} share. Unless it is lifted, no call blocks for longer than the limit without a packet, and the
 * patience with packets; but for names, which the system looks up for as long as it likes. Not thread-safe; holds
 * native memory until closed.
 */
final class VideoInput implements AutoCloseable {
    private static final AVRational MICROSECONDS =
            new AVRational().num(1).den(1_000_000).retainReference();
    /** How long a device without a picture is left alone: short beside the 17 ms of a fast one. */
    private static final long ASK_AGAIN_NANOS = 4_000_000;
    /** So many unreadable packets in a row are the end of a file, not a damaged place in it. */
    private static final int READ_ERRORS = 1000;

    private final AVFormatContext container = avformat_alloc_context();
    private final ReadDeadline deadline;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame picture = av_frame_alloc();
    private boolean containerOpen;
    private @Nullable AVCodecContext decoder;
    private boolean closed;

    private final AVStream stream;
    private final long firstTimestamp;
    private Consumer<AVPacket> listener = seen -> {};
    private long damagedPackets;
    private long patienceNanos;
    private long pictureDue;
    private boolean late;
    private boolean undecodable;
    private boolean drained;
    private int lastError;
    private @Nullable String brokenOff;

    static {
        av_log_set_level(AV_LOG_QUIET);
    }

    /** @throws VideoException whose message says what is wrong with "it": a verb and no name */
    VideoInput(InputRequest request) {
        deadline = new ReadDeadline(container, request.limit(), request.unwanted());
        patienceNanos = request.patience().toNanos();
        try {
            openContainer(request);
            stream = videoStream();
            decoder = openDecoder(stream.codecpar(), request);
            firstTimestamp = stream.start_time() == AV_NOPTS_VALUE ? 0 : stream.start_time();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    AVFormatContext container() {
        return container;
    }

    AVStream stream() {
        return stream;
    }

    /** Tells a listener of every packet read, the other streams' too. */
    void onPacket(Consumer<AVPacket> seen) {
        listener = seen;
    }

    /** Lets what is open take as long as it needs: for files, which wait only for their disk. */
    void waitForEver() {
        deadline.lift();
    }

    /** From the next picture on it may take so long without a packet. */
    void limit(Duration limit) {
        deadline.limit(limit);
    }

    /** From the next picture on it may take so long, with packets, until one comes. */
    void patience(Duration patience) {
        patienceNanos = patience.toNanos();
    }

    /** Whether packets still came when a picture was due. */
    boolean undecodable() {
        return undecodable;
    }

    /** Packets so far that could not be read or decoded. */
    long damagedPackets() {
        return damagedPackets;
    }

    /** Why the last picture was the last, where it should not have been. */
    Optional<String> brokenOff() {
        return Optional.ofNullable(brokenOff);
    }

    /** FFmpeg's code for that, 0 for none. */
    int lastError() {
        return lastError;
    }

    /** Pictures per second as the source says it, 0 when unknown. */
    double frameRate() {
        AVRational rate = av_guess_frame_rate(container, stream, null);
        return rate.num() > 0 && rate.den() > 0 ? rate.num() / (double) rate.den() : 0;
    }

    /** A time of the stream in microseconds. */
    long micros(long timestamp) {
        return av_rescale_q(timestamp, stream.time_base(), MICROSECONDS);
    }

    /** A picture's time as the stream has it, in microseconds. */
    OptionalLong timestamp(AVFrame shown) {
        long timestamp = shown.best_effort_timestamp();
        return timestamp == AV_NOPTS_VALUE ? OptionalLong.empty() : OptionalLong.of(micros(timestamp));
    }

    /** When a picture is to be shown, relative to the stream's start, in microseconds. */
    OptionalLong presentation(AVFrame shown) {
        long timestamp = shown.best_effort_timestamp();
        if (timestamp == AV_NOPTS_VALUE) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(presentation(timestamp));
    }

    /** A time stamp relative to the stream's start, in microseconds. */
    long presentation(long timestamp) {
        return micros(timestamp - firstTimestamp);
    }

    /**
     * The next packet of the video, not to be decoded here: to be used instead of {@link #next}.
     *
     * @return valid until the next call; null at the end
     */
    @Nullable
    AVPacket nextPacket() {
        if (!late) {
            deadline.restart();
        }
        pictureDue = System.nanoTime() + patienceNanos;
        av_packet_unref(packet);
        return readPacket();
    }

    /**
     * The next picture.
     *
     * @return valid until the next call; null at the end
     */
    @Nullable
    AVFrame next() {
        AVCodecContext codec = Objects.requireNonNull(decoder, "it is closed");
        if (!late) {
            deadline.restart();
        }
        pictureDue = System.nanoTime() + patienceNanos;
        undecodable = false;
        while (true) {
            int status = avcodec_receive_frame(codec, picture);
            if (status >= 0) {
                return picture;
            }
            if (status == AVERROR_EOF) {
                return null;
            }
            if (status != AVERROR_EAGAIN()) {
                damagedPackets++;
            }
            feed(codec);
        }
    }

    private void feed(AVCodecContext codec) {
        if (drained) {
            return;
        }
        AVPacket next = readPacket();
        int status = avcodec_send_packet(codec, next);
        if (status < 0 && status != AVERROR_EOF) {
            damagedPackets++;
        }
        if (next == null) {
            drained = true;
        } else {
            av_packet_unref(next);
        }
    }

    /** The next packet of the video, null at the end; why it ended too early is then in {@code brokenOff}. */
    private @Nullable AVPacket readPacket() {
        int inARow = 0;
        while (true) {
            int status = late ? AVERROR_EXIT : timed(av_read_frame(container, packet));
            // At the deadline the parser still gives what it held back: it is the last.
            late |= deadline.over();
            if (status >= 0) {
                listener.accept(packet);
                if (packet.stream_index() == stream.index()) {
                    if (!late && System.nanoTime() - pictureDue < 0) {
                        deadline.restart();
                    }
                    undecodable |= !late && System.nanoTime() - pictureDue >= 0;
                    return packet;
                }
                av_packet_unref(packet);
            } else if (status == AVERROR_EOF) {
                brokenOff = inARow > 0 ? "it is damaged to its end" : null;
                return null;
            } else if (status == AVERROR_EAGAIN()) {
                LockSupport.parkNanos(ASK_AGAIN_NANOS);
            } else {
                damagedPackets++;
                if (status != AVERROR_INVALIDDATA || ++inARow > READ_ERRORS) {
                    lastError = status;
                    brokenOff = FfmpegErrors.describe(status);
                    return null;
                }
            }
        }
    }

    /** Whether the stream has another codec than it began with. */
    boolean codecChanged() {
        return decoder != null && stream.codecpar().codec_id() != decoder.codec_id();
    }

    /** Whether nobody wants it any more. */
    boolean interrupted() {
        return deadline.ended();
    }

    private void openContainer(InputRequest request) {
        AVDictionary options = new AVDictionary(null);
        if (request.stays()) {
            // Libavformat notes the new address before it goes there.
            deadline.endWhen(() -> !container.isNull()
                    && container.url() != null
                    && !request.url().equals(container.url().getString()));
        }
        request.options().forEach((name, value) -> av_dict_set(options, name, value, 0));
        if (request.device()) {
            container.flags(container.flags() | AVFormatContext.AVFMT_FLAG_NONBLOCK);
        }
        AVInputFormat format = request.format().isPresent()
                ? av_find_input_format(request.format().get())
                : null;
        int status = avformat_open_input(container, request.url(), format, options);
        av_dict_free(options);
        if (deadline.ledAway()) {
            throw new VideoException("sends whoever asks to another address, which this camera's may not");
        }
        status = timed(status);
        if (status < 0) {
            throw new VideoException(
                    "is not a video, or is damaged at its start (" + FfmpegErrors.describe(status) + ")", status);
        }
        containerOpen = true;
        for (int i = 0; i < container.nb_streams(); i++) {
            AVCodecParameters parameters = container.streams(i).codecpar();
            PictureSize.check(Math.max(1, parameters.width()), Math.max(1, parameters.height()));
        }
        deadline.restart();
        if (!request.device()) {
            readDescription();
        }
    }

    /** From the first packets. */
    private void readDescription() {
        int status = timed(avformat_find_stream_info(container, (PointerPointer<?>) null));
        if (status < 0) {
            throw new VideoException("cannot be read: " + FfmpegErrors.describe(status), status);
        }
    }

    /** What libavformat makes of an interrupted read depends on where it was. */
    private int timed(int status) {
        return status < 0 && deadline.over() ? AVERROR_EXIT : status;
    }

    private AVStream videoStream() {
        int index = av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (index < 0 || (container.streams(index).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            throw new VideoException("has no video in it" + (container.nb_streams() > 0 ? ", only sound or data" : ""));
        }
        return container.streams(index);
    }

    private AVCodecContext openDecoder(AVCodecParameters parameters, InputRequest request) {
        int least = request.joined() ? 1 : 0;
        PictureSize.check(Math.max(least, parameters.width()), Math.max(least, parameters.height()));
        AVCodec codec = avcodec_find_decoder(parameters.codec_id());
        if (codec == null) {
            BytePointer name = avcodec_get_name(parameters.codec_id());
            throw new VideoException("is coded as " + name.getString() + ", for which there is no decoder");
        }
        AVCodecContext context = avcodec_alloc_context3(codec);
        decoder = context;
        avcodec_parameters_to_context(context, parameters);
        context.thread_count(request.threads());
        context.max_pixels(PictureSize.MOST_PIXELS);
        context.pkt_timebase(stream.time_base());
        int status = avcodec_open2(context, codec, (AVDictionary) null);
        if (status < 0) {
            throw new VideoException("cannot be decoded: " + FfmpegErrors.describe(status), status);
        }
        return context;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (decoder != null) {
            avcodec_free_context(decoder);
            decoder = null;
        }
        av_frame_free(picture);
        av_packet_free(packet);
        // Opening frees the context itself when it fails. Behind the deadline closing sends no goodbye.
        if (containerOpen) {
            avformat_close_input(container);
        } else {
            avformat_free_context(container);
        }
        deadline.close();
    }
}
