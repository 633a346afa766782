package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.*;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a camera: RTSP over TCP, TLS or UDP, MJPEG, HLS and transport streams over HTTP, a V4L2 device.
 * Each phase of connecting takes three seconds at most and so does the wait for a picture. Only the network is read,
 * never a file that a stream refers to. Not thread-safe but for {@link #interrupt}.
 */
final class CameraStream implements AutoCloseable {
    /** For each phase of opening, and without a packet: with what happens around it, three seconds. */
    static final Duration LIMIT = Duration.ofMillis(2_700);

    /** Cameras send a key picture every few seconds; without one nothing can be decoded. */
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

    private static final int POINTS_ACROSS = 64;
    private static final int POINTS_DOWN = 36;

    private final CameraAddress address;
    private final VideoInput input;
    private final boolean paced;
    private boolean otherStream;
    private long anchorNanos = Long.MIN_VALUE;
    private long anchorMicros;

    private CameraStream(CameraAddress address, VideoInput input) {
        this.address = address;
        this.input = input;
        paced = "hls".equals(input.container().iformat().name().getString());
        input.onPacket(this::watch);
    }

    /**
     * Connects.
     *
     * @throws VideoException if the camera does not let itself be read; the message is for people and has no secrets
     */
    static CameraStream open(CameraAddress address) {
        VideoInput.Request request = request(address);
        if (address.device()) {
            CaptureDevices.load();
        }
        try {
            return new CameraStream(address, new VideoInput(request));
        } catch (VideoException e) {
            throw new VideoException(reason(e.code()).orElse(e.getMessage()), e);
        }
    }

    private static VideoInput.Request request(CameraAddress address) {
        Map<String, String> options = new HashMap<>(
                Map.of("analyzeduration", PROBE_MICROS, "fpsprobesize", "0", "fflags", "nobuffer+discardcorrupt"));
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
        return new VideoInput.Request(
                address.pinned().resolve(),
                format,
                options,
                limit,
                PATIENCE,
                1,
                address.reach().isPresent());
    }

    /** FFmpeg's words name a file or an argument where a person wants to know what the camera said. */
    private static Optional<String> reason(int code) {
        if (code == AVERROR_HTTP_UNAUTHORIZED) {
            return Optional.of("refuses user and password");
        }
        return code == AVERROR_EXIT
                ? Optional.of("gave no answer for " + words(LIMIT))
                : code == 0 ? Optional.empty() : Optional.of("cannot be opened: " + FfmpegErrors.describe(code));
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
            // A damaged header may say anything.
            if (VideoInput.readable(picture.width(), picture.height())) {
                if (paced) {
                    pace(input.presentation(picture));
                }
                return picture;
            }
        }
    }

    private static String words(Duration limit) {
        return Math.round(limit.toMillis() / 1000.0) + " s";
    }

    private String ending() {
        if (input.lastError() == AVERROR_EXIT) {
            return "has sent no picture for " + words(address.playlist() ? PLAYLIST_LIMIT : LIMIT);
        }
        return input.brokenOff().map(reason -> "broke off: " + reason).orElse("ended the stream");
    }

    /** A transport stream that is changed on the way gets another video stream beside the first, or another codec. */
    private void watch(AVPacket packet) {
        int index = packet.stream_index();
        boolean video = input.container().streams(index).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO;
        if (video && (index != input.stream().index() || input.codecChanged())) {
            otherStream = true;
        }
    }

    /** The parts of a playlist come at once but were taken one after the other. */
    private void pace(OptionalLong presentation) {
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

    /** The brightness of points spread evenly over a picture; empty for pictures without a plane of brightness. */
    static byte @Nullable [] luma(AVFrame picture) {
        var plane = picture.data(0);
        int stride = picture.linesize(0);
        if (plane == null || stride <= 0) {
            return null;
        }
        byte[] luma = new byte[POINTS_ACROSS * POINTS_DOWN];
        int at = 0;
        for (int row = 0; row < POINTS_DOWN; row++) {
            long line = (2L * row + 1) * picture.height() / (2 * POINTS_DOWN) * stride;
            for (int column = 0; column < POINTS_ACROSS; column++) {
                luma[at++] = plane.get(line + (2L * column + 1) * picture.width() / (2 * POINTS_ACROSS));
            }
        }
        return luma;
    }

    /** Ends the connection whatever it waits for. May be called by any thread. */
    void interrupt() {
        input.interrupt();
    }

    @Override
    public void close() {
        input.close();
    }
}
