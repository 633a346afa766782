package paseo.frames;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
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
    public static final int MAX_SIDE = PictureSize.LONGEST_SIDE;

    /** For opening. After that a process may stand still, or a disk, and the file is none the worse for it. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(30);

    /** Containers, not playlists: those would have libavformat open other files. */
    private static final String CONTAINERS = "mov,matroska,webm,avi,gif,mpegts,mpeg,mpegvideo,flv,asf,ogg,mp3,wav,aac";

    private final Path path;
    private final VideoInput input;
    private final PictureConverter converter = new PictureConverter();
    private final Orientation orientation;
    private final Source source;
    private final ContainerEnd end;
    private final CaptureTimes times;
    private @Nullable DecodedFrame handedOut;
    private long nextNumber;

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
        input = openInput(decoderThreads);
        try {
            AVCodecParameters parameters = input.stream().codecpar();
            orientation = Orientation.of(parameters);
            source = describe(parameters);
            end = new ContainerEnd(input.container(), input.stream());
            input.onPacket(end::saw);
            input.waitForEver();
            times = new CaptureTimes(source.frameRate(), source.durationMicros());
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
        long declared = input.stream().nb_frames();
        if (declared > 0) {
            return OptionalLong.of(declared);
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
        return input.damagedPackets();
    }

    /**
     * The next frame.
     *
     * @return valid until the next call or {@link #close}; null after the last frame
     * @throws VideoException if the file breaks off here; every frame that decodes has been delivered
     */
    public @Nullable DecodedFrame next() {
        if (handedOut != null) {
            handedOut.expire();
        }
        AVFrame picture = input.next();
        if (picture == null) {
            checkEnd();
            return null;
        }
        try {
            PictureSize.check(picture.width(), picture.height());
        } catch (VideoException e) {
            throw failure(e.getMessage());
        }
        long time = times.next(input.presentation(picture));
        handedOut = new DecodedFrame(picture, orientation, converter, nextNumber++, time);
        return handedOut;
    }

    /**
     * Reads the file undecoded, in place of {@link #next}; empty where it cannot be carried so.
     *
     * @param takes whether the picture of a capture time is of interest; asked in the order of showing
     */
    Optional<UnitReader> units(LongPredicate takes) {
        return UnitReader.fits(input, orientation)
                ? Optional.of(new UnitReader(input, times, takes))
                : Optional.empty();
    }

    /**
     * To be told that the last unit was read.
     *
     * @throws VideoException if the file breaks off here
     */
    void unitsEnded(long pictures) {
        nextNumber = pictures;
        checkEnd();
    }

    private void checkEnd() {
        // Some demuxers make the end of the file of a disk that fails.
        int unread = input.container().pb().error();
        int code = input.lastError() == 0 ? unread : input.lastError();
        if (nextNumber == 0) {
            throw failure("not one frame of it can be decoded", code);
        }
        Optional<String> reason = end.missing().or(input::brokenOff);
        if (reason.isPresent() || unread != 0) {
            throw failure(
                    "breaks off after " + nextNumber + " frames: "
                            + reason.orElseGet(() -> FfmpegErrors.describe(unread)),
                    code);
        }
    }

    private VideoInput openInput(int decoderThreads) {
        if (!Files.isRegularFile(path)) {
            throw failure(Files.exists(path) ? "is not a file" : "does not exist");
        }
        if (!Files.isReadable(path)) {
            throw failure("may not be read: check its permissions");
        }
        try {
            return new VideoInput(new InputRequest(
                    "file:" + path.toAbsolutePath(),
                    Optional.empty(),
                    Map.of("protocol_whitelist", "file", "format_whitelist", CONTAINERS),
                    OPENING_LIMIT,
                    OPENING_LIMIT,
                    decoderThreads,
                    false,
                    false,
                    () -> false));
        } catch (VideoException e) {
            throw failure(path.toFile().length() == 0 ? "is empty" : e.getMessage());
        }
    }

    private Source describe(AVCodecParameters parameters) {
        AVStream stream = input.stream();
        long duration = stream.duration() > 0
                ? input.micros(stream.duration())
                : Math.max(0, input.container().duration());
        return new Source(
                path.getFileName().toString(),
                Source.Kind.FILE,
                orientation.width(parameters.width(), parameters.height()),
                orientation.height(parameters.width(), parameters.height()),
                input.frameRate(),
                duration);
    }

    private VideoException failure(String reason) {
        return failure(reason, 0);
    }

    private VideoException failure(String reason, int code) {
        return new VideoException(path + ": " + reason, code);
    }

    @Override
    public void close() {
        if (handedOut != null) {
            handedOut.expire();
        }
        converter.close();
        input.close();
    }
}
