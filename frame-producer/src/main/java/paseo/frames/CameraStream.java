package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_RAWVIDEO;
import static org.bytedeco.ffmpeg.global.avformat.AVFMTCTX_NOHEADER;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.*;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a camera: RTSP over TCP, TLS or UDP, MJPEG, HLS and transport streams over HTTP, a V4L2 device.
 * Each phase of connecting takes three seconds at most and so does the wait for the next packet; a playlist's parts and
 * the next key picture may take longer, and so may looking a name up, which only the system can end. Only the network
 * is read, never a file that a stream refers to. Not thread-safe.
 */
final class CameraStream implements AutoCloseable {
    /** For each phase of opening, and without a packet: with what happens around it, three seconds. */
    static final Duration LIMIT = Duration.ofMillis(2_700);

    /** Without a key picture nothing can be decoded, and some cameras send one a minute and none to begin with. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(60);

    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** A playlist names a new part every few seconds only. */
    private static final Duration PLAYLIST_LIMIT = Duration.ofSeconds(20);

    /** FFmpeg's defaults look at five seconds before the first picture. */
    private static final String PROBE_MICROS = "1000000";

    private static final String HTTP_FORMATS = "mpjpeg,jpeg_pipe,hls,mpegts,mjpeg,flv,matroska,webm,mov";
    /** Without playlists, which name further addresses. */
    private static final String CONFINED_HTTP_FORMATS = HTTP_FORMATS.replace("hls,", "");

    private static final String JITTER_MICROS = "200000";
    /** Behind by so much, a playlist is followed from where it is and not hurried after. */
    private static final long BEHIND_NANOS = 2_000_000_000L;

    private final CameraAddress address;
    private final VideoInput input;
    private final boolean paced;
    private final Duration limit;
    /** Streams that were there from the beginning: the video that is watched, and others beside it. */
    private final int known;

    /** So many bytes were read for a second to see what the stream has in it, and lie ready. */
    private final long held;

    private boolean old;
    private boolean otherStream;
    private long anchorNanos = Long.MIN_VALUE;
    private long anchorMicros;

    private CameraStream(CameraAddress address, VideoInput input) {
        this.address = address;
        this.input = input;
        paced = "hls".equals(input.container().iformat().name().getString());
        held = paced ? 0 : held(input.container());
        known = input.container().nb_streams();
        for (int i = 0; i < known; i++) {
            if (i != input.stream().index()) {
                input.container().streams(i).discard(AVDISCARD_ALL);
            }
        }
        limit = paced ? PLAYLIST_LIMIT : LIMIT;
        input.limit(limit);
        input.onPacket(this::watch);
    }

    /** Only where no header says that no further streams will come, more is read than the first pictures. */
    private static long held(AVFormatContext container) {
        boolean searched = (container.ctx_flags() & AVFMTCTX_NOHEADER) != 0;
        return searched && container.pb() != null ? avio_tell(container.pb()) : 0;
    }

    /**
     * Connects.
     *
     * @param stop ends the connection whatever it waits for, and while it is made
     * @throws VideoException if the camera does not let itself be read; the message is for people and has no secrets
     */
    static CameraStream open(CameraAddress address, StopSignal stop) {
        InputRequest request = request(address, stop);
        if (address.device()) {
            CaptureDevices.load();
        }
        try {
            return new CameraStream(address, new VideoInput(request));
        } catch (VideoException e) {
            throw new VideoException(reason(request, address, e.code()).orElse(e.getMessage()), e);
        }
    }

    private static InputRequest request(CameraAddress address, StopSignal stop) {
        Map<String, String> options = new HashMap<>(Map.of(
                "analyzeduration",
                PROBE_MICROS,
                "fpsprobesize",
                "0",
                "max_ts_probe",
                "0",
                "fflags",
                "+discardcorrupt"));
        Optional<String> format = Optional.empty();
        Duration limit = LIMIT;
        if (address.device()) {
            format = Optional.of("video4linux2");
        } else if (address.rtsp()) {
            options.put("protocol_whitelist", "rtsp,rtsps,rtp,srtp,tcp,tls,udp,crypto");
            options.put("format_whitelist", "rtsp,rtp,sdp");
            options.put("rtsp_transport", address.overUdp() ? "udp" : "tcp");
            options.put("allowed_media_types", "video");
            options.put("max_delay", JITTER_MICROS);
        } else {
            options.put("protocol_whitelist", "http,https,tcp,tls,crypto");
            options.put("format_whitelist", HTTP_FORMATS);
            options.put("live_start_index", "-1");
            if (address.reach().isPresent()) {
                options.put("format_whitelist", CONFINED_HTTP_FORMATS);
                options.put("max_redirects", "0");
                options.put("headers", "Host: " + address.authority() + "\r\n");
            }
            if (address.playlist()) {
                limit = PLAYLIST_LIMIT;
            }
        }
        return new InputRequest(
                address.pinned().resolve(),
                format,
                options,
                limit,
                FIRST_PATIENCE,
                1,
                address.reach().isPresent(),
                address.device(),
                stop::raised);
    }

    /** FFmpeg's words name a file or an argument where a person wants to know what the camera said. */
    private static Optional<String> reason(InputRequest request, CameraAddress address, int code) {
        if (code == AVERROR_HTTP_UNAUTHORIZED) {
            return Optional.of("refuses user and password");
        }
        return code == AVERROR_EXIT
                ? Optional.of("gave no answer for " + words(request.limit()))
                : code == 0 ? Optional.empty() : Optional.of("cannot be opened: " + describe(address, code));
    }

    private static String describe(CameraAddress address, int code) {
        return address.device() ? CaptureDevices.describe(address.devicePath(), code) : FfmpegErrors.describe(code);
    }

    /** Whether the camera refused user and password. */
    static boolean unauthorised(VideoException e) {
        return e.code() == AVERROR_HTTP_UNAUTHORIZED;
    }

    /** Whether the camera is there and has nothing to show under this address, or not to us. */
    static boolean refused(VideoException e) {
        return unauthorised(e) || e.code() == AVERROR_HTTP_NOT_FOUND || e.code() == AVERROR_HTTP_FORBIDDEN;
    }

    /** Pictures a second as the camera says it, 0 when unknown. */
    double frameRate() {
        return input.frameRate();
    }

    /** Packets so far that could not be read or decoded. */
    long damagedPackets() {
        return input.damagedPackets();
    }

    /**
     * The next picture that can be looked at.
     *
     * @return valid until the next call
     * @throws VideoException when the connection is over, with the reason
     */
    AVFrame next() {
        while (true) {
            AVFrame picture = input.next();
            if (picture == null) {
                throw new VideoException(ending(), input.lastError());
            }
            if (otherStream) {
                throw new VideoException("sends another stream from now on");
            }
            // A damaged header may say anything. What lay ready would be taken for newer than it is.
            if (!old && PictureSize.readable(picture.width(), picture.height())) {
                input.patience(PATIENCE);
                return picture;
            }
        }
    }

    private static String words(Duration limit) {
        return Math.round(limit.toMillis() / 1000.0) + " s";
    }

    private String ending() {
        if (input.lastError() == AVERROR_EXIT) {
            return input.undecodable() ? "sends no key picture" : "has sent no picture for " + words(limit);
        }
        return input.brokenOff()
                .map(reason -> "broke off: " + (input.lastError() == 0 ? reason : describe(address, input.lastError())))
                .orElse("ended the stream");
    }

    /**
     * A transport stream that is changed on the way gets another video stream beside the first, or another codec. One
     * that has several from the beginning, as playlists in several sizes do, is not changed.
     */
    private void watch(AVPacket packet) {
        int index = packet.stream_index();
        old = packet.pos() >= 0 && packet.pos() < held;
        boolean appeared =
                index >= known && input.container().streams(index).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO;
        if (appeared || (index == input.stream().index() && input.codecChanged())) {
            otherStream = true;
        }
    }

    /** Whether a picture was there in an earlier connection, too. */
    boolean shownBefore(AVFrame picture, ShownPictures shown) {
        byte[] brightness = paced ? BrightnessPoints.of(picture) : null;
        return brightness != null && shown.before(input.timestamp(picture), brightness);
    }

    /** Waits until it is a picture's turn: the parts of a playlist come at once but were taken one after the other. */
    void pace(AVFrame picture) {
        OptionalLong presentation = paced ? input.presentation(picture) : OptionalLong.empty();
        if (presentation.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long due = anchorNanos + (presentation.getAsLong() - anchorMicros) * 1000;
        if (anchorNanos == Long.MIN_VALUE || Math.abs(due - now) > BEHIND_NANOS * 5 || now - due > BEHIND_NANOS) {
            anchorNanos = now;
            anchorMicros = presentation.getAsLong();
            return;
        }
        while (now < due && !input.interrupted()) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
    }

    /**
     * A picture for longer than {@link #next} leaves it, and for longer than the connection; to be freed. Raw pictures
     * are copied for that: they lie in the memory of the driver, which takes it back when the device is closed.
     */
    AVFrame keep(AVFrame picture) {
        boolean lent = input.stream().codecpar().codec_id() == AV_CODEC_ID_RAWVIDEO;
        AVFrame kept = lent ? copy(picture) : av_frame_clone(picture);
        if (kept == null) {
            throw new OutOfMemoryError("no memory for a reference to a picture");
        }
        return kept;
    }

    private static @Nullable AVFrame copy(AVFrame picture) {
        AVFrame copy = av_frame_alloc();
        copy.format(picture.format());
        copy.width(picture.width());
        copy.height(picture.height());
        boolean whole = av_frame_get_buffer(copy, 0) >= 0
                && av_frame_copy(copy, picture) >= 0
                && av_frame_copy_props(copy, picture) >= 0;
        if (!whole) {
            av_frame_free(copy);
        }
        return whole ? copy : null;
    }

    @Override
    public void close() {
        input.close();
    }
}
