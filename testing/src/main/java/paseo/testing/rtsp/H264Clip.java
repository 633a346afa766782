package paseo.testing.rtsp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** H.264 pictures in coding order, without pictures that refer to later ones. */
public final class H264Clip {
    private static final int SLICE = 1;
    private static final int KEY_SLICE = 5;
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int DELIMITER = 9;

    private final List<List<byte[]>> pictures;
    private final byte[] sps;
    private final byte[] pps;
    private final double fps;

    private H264Clip(List<List<byte[]>> pictures, byte[] sps, byte[] pps, double fps) {
        this.pictures = List.copyOf(pictures);
        this.sps = sps;
        this.pps = pps;
        this.fps = fps;
    }

    /** The NAL units of each picture, parameter sets before key pictures included. */
    List<List<byte[]>> pictures() {
        return pictures;
    }

    /** The first sequence parameter set. */
    byte[] sps() {
        return sps.clone();
    }

    /** The first picture parameter set. */
    byte[] pps() {
        return pps.clone();
    }

    /** Pictures a second. */
    public double fps() {
        return fps;
    }

    /** Length in pictures. */
    public int size() {
        return pictures.size();
    }

    /** Reads a byte stream as in Annex B of the standard. */
    public static H264Clip read(Path file, double fps) throws IOException {
        List<List<byte[]>> pictures = new ArrayList<>();
        List<byte[]> next = new ArrayList<>();
        boolean sliced = false;
        Optional<byte[]> sps = Optional.empty();
        Optional<byte[]> pps = Optional.empty();
        for (byte[] unit : units(Files.readAllBytes(file))) {
            int type = type(unit);
            boolean slice = type == SLICE || type == KEY_SLICE;
            // The first bit behind the header is set where a slice begins with the picture's first block.
            if (sliced && (!slice || (unit[1] & 0x80) != 0)) {
                pictures.add(next);
                next = new ArrayList<>();
                sliced = false;
            }
            sps = sps.isEmpty() && type == SPS ? Optional.of(unit) : sps;
            pps = pps.isEmpty() && type == PPS ? Optional.of(unit) : pps;
            if (type != DELIMITER) {
                next.add(unit);
            }
            sliced |= slice;
        }
        if (sliced) {
            pictures.add(next);
        }
        return new H264Clip(pictures, sps.orElseThrow(), pps.orElseThrow(), fps);
    }

    /** The five bits that say what a NAL unit is. */
    static int type(byte[] unit) {
        return unit[0] & 31;
    }

    static boolean parameters(byte[] unit) {
        return type(unit) == SPS || type(unit) == PPS;
    }

    /** Whether decoding can begin with a picture. */
    boolean key(int picture) {
        return pictures.get(picture).stream().anyMatch(unit -> type(unit) == KEY_SLICE);
    }

    private static List<byte[]> units(byte[] stream) {
        List<byte[]> units = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i + 2 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                if (begin >= 0) {
                    units.add(trimmed(stream, begin, i));
                }
                begin = i + 3;
                i += 2;
            }
        }
        if (begin >= 0) {
            units.add(trimmed(stream, begin, stream.length));
        }
        return units;
    }

    private static byte[] trimmed(byte[] stream, int from, int to) {
        int end = to;
        while (end > from && stream[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOfRange(stream, from, end);
    }
}
