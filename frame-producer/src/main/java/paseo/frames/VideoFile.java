package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import paseo.events.Source;

/**
 * A video file, decoded frame by frame in order.
 *
 * <p>Damaged parts are skipped where the decoder can: every frame that decodes is delivered. A file that breaks off
 * delivers what it has and then throws. Only the file itself is read, never what it refers to. Not thread-safe; holds
 * native memory until closed.
 */
public final class VideoFile implements AutoCloseable {
    /** Longest side of a picture that is read, in pixels. */
    public static final int MAX_SIDE = 8192;

    private static final long MAX_PIXELS = 8192L * 4608;
    private static final AVRational MICROSECONDS =
            new AVRational().num(1).den(1_000_000).retainReference();
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    /** So many unreadable packets in a row are the end of a file, not a damaged place in it. */
    private static final int READ_ERRORS = 1000;

    /** Containers, not playlists: those would have libavformat open other files. */
    private static final String CONTAINERS = "mov,matroska,webm,avi,gif,mpegts,mpeg,mpegvideo,flv,asf,ogg,mp3,wav,aac";

    private final Path path;
    private final AVFormatContext container = avformat_alloc_context();
    private final ReadDeadline deadline = new ReadDeadline(container, READ_LIMIT);
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame picture = av_frame_alloc();
    private final PictureConverter converter = new PictureConverter();
    private boolean containerOpen;
    private @Nullable AVCodecContext decoder;
    private @Nullable DecodedFrame handedOut;
    private boolean closed;

    private final AVStream stream;
    private final Orientation orientation;
    private final Source source;
    private final ContainerEnd end;
    private final CaptureTimes times;
    private final long firstTimestamp;
    private long nextNumber;
    private long damagedPackets;
    private boolean drained;
    private @Nullable String brokenOff;

    static {
        av_log_set_level(AV_LOG_QUIET);
    }

    /**
     * Opens a file with one decoder thread: that costs the least CPU and repeats bit for bit even on damaged files.
     *
     * @throws VideoException if it is not a video that can be read
     */
    public static VideoFile open(Path path) {
        return open(path, 1);
    }

    /**
     * Opens a file.
     *
     * @param decoderThreads at least 1, or 0 to let the decoder choose
     * @throws VideoException if it is not a video that can be read
     */
    public static VideoFile open(Path path, int decoderThreads) {
        return new VideoFile(path, decoderThreads);
    }

    private VideoFile(Path path, int decoderThreads) {
        this.path = path;
        try {
            openContainer();
            stream = videoStream();
            AVCodecParameters parameters = stream.codecpar();
            decoder = openDecoder(parameters, decoderThreads);
            orientation = Orientation.of(parameters);
            source = describe(parameters);
            end = new ContainerEnd(container, stream);
            times = new CaptureTimes(source.frameRate(), source.durationMicros());
            firstTimestamp = stream.start_time();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** What the file is; width and height are upright. */
    public Source source() {
        return source;
    }

    /** How many frames the file should have, as declared or from length and rate; empty when unknown. */
    public OptionalLong expectedFrames() {
        if (stream.nb_frames() > 0) {
            return OptionalLong.of(stream.nb_frames());
        }
        long estimate = Math.round(source.frameRate() * source.durationMicros() / 1e6);
        return estimate > 0 ? OptionalLong.of(estimate) : OptionalLong.empty();
    }

    /** Frames so far whose time stamp was missing or went back and had to be repaired. */
    public long repairedTimes() {
        return times.repairs();
    }

    /** Packets so far that could not be read or decoded. */
    public long damagedPackets() {
        return damagedPackets;
    }

    /**
     * The next frame.
     *
     * @return valid until the next call or {@link #close}; null after the last frame
     * @throws VideoException if the file breaks off here; every frame that decodes has been delivered
     */
    public @Nullable DecodedFrame next() {
        AVCodecContext codec = Objects.requireNonNull(decoder, "the file is closed");
        if (handedOut != null) {
            handedOut.expire();
        }
        deadline.restart();
        while (true) {
            int status = avcodec_receive_frame(codec, picture);
            if (status >= 0) {
                handedOut = frame();
                return handedOut;
            }
            if (status == AVERROR_EOF) {
                return ended();
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
            int status = av_read_frame(container, packet);
            if (status >= 0) {
                end.saw(packet);
                if (packet.stream_index() == stream.index()) {
                    return packet;
                }
                av_packet_unref(packet);
            } else if (status == AVERROR_EOF) {
                brokenOff = inARow > 0 ? "it is damaged to its end" : null;
                return null;
            } else if (status != AVERROR_EAGAIN()) {
                damagedPackets++;
                if (status != AVERROR_INVALIDDATA || ++inARow > READ_ERRORS) {
                    brokenOff = FfmpegErrors.describe(status);
                    return null;
                }
            }
        }
    }

    private @Nullable DecodedFrame ended() {
        if (nextNumber == 0) {
            throw failure("not one frame of it can be decoded");
        }
        String reason = end.missing().orElse(brokenOff);
        if (reason != null) {
            throw failure("breaks off after " + nextNumber + " frames: " + reason);
        }
        return null;
    }

    private DecodedFrame frame() {
        checkSize(picture.width(), picture.height());
        return new DecodedFrame(picture, orientation, converter, nextNumber++, times.next(presentation()));
    }

    private OptionalLong presentation() {
        long timestamp = picture.best_effort_timestamp();
        if (timestamp == AV_NOPTS_VALUE) {
            return OptionalLong.empty();
        }
        long first = firstTimestamp == AV_NOPTS_VALUE ? 0 : firstTimestamp;
        return OptionalLong.of(av_rescale_q(timestamp - first, stream.time_base(), MICROSECONDS));
    }

    private void openContainer() {
        if (!Files.isRegularFile(path)) {
            throw failure(Files.exists(path) ? "is not a file" : "does not exist");
        }
        if (!Files.isReadable(path)) {
            throw failure("may not be read: check its permissions");
        }
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "protocol_whitelist", "file", 0);
        av_dict_set(options, "format_whitelist", CONTAINERS, 0);
        int status = avformat_open_input(container, "file:" + path.toAbsolutePath(), null, options);
        av_dict_free(options);
        if (status < 0) {
            throw failure(
                    path.toFile().length() == 0
                            ? "is empty"
                            : "is not a video, or is damaged at its start (" + FfmpegErrors.describe(status) + ")");
        }
        containerOpen = true;
        for (int i = 0; i < container.nb_streams(); i++) {
            AVCodecParameters parameters = container.streams(i).codecpar();
            checkSize(Math.max(1, parameters.width()), Math.max(1, parameters.height()));
        }
        deadline.restart();
        status = avformat_find_stream_info(container, (PointerPointer<?>) null);
        if (status < 0) {
            throw failure("cannot be read: " + FfmpegErrors.describe(status));
        }
    }

    private AVStream videoStream() {
        int index = av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (index < 0 || (container.streams(index).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            throw failure("has no video in it" + (container.nb_streams() > 0 ? ", only sound or data" : ""));
        }
        return container.streams(index);
    }

    private AVCodecContext openDecoder(AVCodecParameters parameters, int threads) {
        checkSize(parameters.width(), parameters.height());
        AVCodec codec = avcodec_find_decoder(parameters.codec_id());
        if (codec == null) {
            BytePointer name = avcodec_get_name(parameters.codec_id());
            throw failure("is coded as " + name.getString() + ", for which there is no decoder");
        }
        AVCodecContext context = avcodec_alloc_context3(codec);
        decoder = context;
        avcodec_parameters_to_context(context, parameters);
        context.thread_count(threads);
        context.max_pixels(MAX_PIXELS);
        context.pkt_timebase(stream.time_base());
        int status = avcodec_open2(context, codec, (AVDictionary) null);
        if (status < 0) {
            throw failure("cannot be decoded: " + FfmpegErrors.describe(status));
        }
        return context;
    }

    private Source describe(AVCodecParameters parameters) {
        AVRational rate = av_guess_frame_rate(container, stream, null);
        double frameRate = rate.num() > 0 && rate.den() > 0 ? rate.num() / (double) rate.den() : 0;
        long duration = stream.duration() > 0
                ? av_rescale_q(stream.duration(), stream.time_base(), MICROSECONDS)
                : Math.max(0, container.duration());
        return new Source(
                path.getFileName().toString(),
                Source.Kind.FILE,
                orientation.width(parameters.width(), parameters.height()),
                orientation.height(parameters.width(), parameters.height()),
                frameRate,
                duration);
    }

    private void checkSize(int width, int height) {
        if (width < 1 || height < 1) {
            throw failure("has pictures of " + width + "x" + height + " pixels");
        }
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw failure("has pictures of " + width + "x" + height + " pixels; at most " + MAX_SIDE + " on a side and "
                    + MAX_PIXELS / 1_000_000 + " million in all are read: scale it down first");
        }
    }

    private VideoException failure(String reason) {
        return new VideoException(path + ": " + reason);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (handedOut != null) {
            handedOut.expire();
        }
        converter.close();
        if (decoder != null) {
            avcodec_free_context(decoder);
            decoder = null;
        }
        av_frame_free(picture);
        av_packet_free(packet);
        // Opening frees the context itself when it fails.
        if (containerOpen) {
            avformat_close_input(container);
        } else {
            avformat_free_context(container);
        }
        deadline.close();
    }
}
