package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_PROGRESSIVE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_FIELD_UNKNOWN;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import paseo.events.AccessUnit;

/** Reads a video's access units without decoding them, and numbers them as {@link VideoFile} numbers their pictures. */
final class UnitReader {
    private static final Set<String> CODECS = Set.of("h264", "hevc");

    /** Containers that tell when a packet is shown and when it is decoded. */
    private static final Set<String> CONTAINERS = Set.of("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "flv");

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A packet that is not placed yet. */
    private record Packet(ByteBuffer data, boolean key) {}

    private final VideoInput input;
    private final PresentationOrder<Packet> order;
    private final Deque<PresentationOrder.Placed<Packet>> ready = new ArrayDeque<>();
    private final String codec;
    private final ByteBuffer extradata;
    private final int delay;
    private long lastDecoding = -1;
    private long position;
    private boolean ended;

    /** @param takes whether a capture time is of interest; asked in the order of showing */
    UnitReader(VideoInput input, CaptureTimes times, LongPredicate takes) {
        this.input = input;
        AVCodecParameters parameters = input.stream().codecpar();
        codec = codec(parameters);
        byte[] settings = new byte[parameters.extradata_size()];
        if (settings.length > 0) {
            parameters.extradata().get(settings);
        }
        extradata = ByteBuffer.wrap(settings);
        delay = Math.max(0, parameters.video_delay());
        order = new PresentationOrder<>(timestamp -> {
            long micros = times.next(OptionalLong.of(input.presentation(timestamp)));
            return new PresentationOrder.Moment(micros, takes.test(micros));
        });
    }

    /** Whether a video can be carried without being decoded. */
    static boolean fits(VideoInput input, Orientation orientation) {
        AVCodecParameters parameters = input.stream().codecpar();
        return orientation.upright()
                && CODECS.contains(codec(parameters))
                && CONTAINERS.contains(input.container().iformat().name().getString())
                && (parameters.field_order() == AV_FIELD_PROGRESSIVE || parameters.field_order() == AV_FIELD_UNKNOWN);
    }

    private static String codec(AVCodecParameters parameters) {
        return avcodec_get_name(parameters.codec_id()).getString();
    }

    /**
     * An access unit.
     *
     * @param number of its picture as {@link DecodedFrame#number}; -1 of one that is not shown
     * @param taken whether it is of interest
     * @param settled the highest number up to which all units have been read, -1 for none
     */
    record Unit(
            ByteBuffer data,
            String codec,
            ByteBuffer extradata,
            boolean key,
            long position,
            int delay,
            long number,
            long captureTimeMicros,
            boolean taken,
            long settled,
            long settledMicros) {
        /** For the wire. */
        AccessUnit accessUnit(boolean support) {
            return new AccessUnit(data, codec, extradata, key, position, delay, support);
        }
    }

    /** The next unit in the order of decoding; null at the end. */
    @Nullable
    Unit next() {
        while (ready.isEmpty() && !ended) {
            read();
        }
        PresentationOrder.Placed<Packet> placed = ready.poll();
        if (placed == null) {
            return null;
        }
        boolean key = placed.packet().key();
        return new Unit(
                placed.packet().data(),
                codec,
                key ? extradata : NOTHING,
                key,
                position++,
                delay,
                placed.number(),
                placed.moment().micros(),
                placed.moment().taken(),
                placed.settled(),
                placed.settledMicros());
    }

    private void read() {
        AVPacket packet = input.nextPacket();
        if (packet == null) {
            ended = true;
            ready.addAll(order.end());
            return;
        }
        long decoded = packet.dts() == AV_NOPTS_VALUE ? lastDecoding + 1 : packet.dts();
        long shown = packet.pts() == AV_NOPTS_VALUE ? decoded : packet.pts();
        lastDecoding = decoded;
        byte[] data = new byte[packet.size()];
        new BytePointer(packet.data()).get(data);
        boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
        boolean visible = (packet.flags() & AV_PKT_FLAG_DISCARD) == 0;
        ready.addAll(order.add(new Packet(ByteBuffer.wrap(data), key), shown, decoded, visible));
    }
}
