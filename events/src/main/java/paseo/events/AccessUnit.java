package paseo.events;

import java.nio.ByteBuffer;

/**
 * One picture as its source compressed it. It can be decoded after all that came before it since the last key picture.
 *
 * @param data a packet as FFmpeg reads it from the container; not to be written to
 * @param codec FFmpeg's name: h264, hevc
 * @param extradata what the container keeps of the codec's settings; of key pictures only, may be empty
 * @param key whether decoding can begin here
 * @param position counted from 0 in the order of decoding; a gap means that something was lost
 * @param delay pictures by which the decoder's output is behind its input
 * @param support whether it is not to be looked at, only there for others to be decoded
 */
public record AccessUnit(
        ByteBuffer data, String codec, ByteBuffer extradata, boolean key, long position, int delay, boolean support)
        implements Frame.Content {
    private static final int LONGEST_DELAY = 16;

    public AccessUnit {
        if (codec.isEmpty()) {
            throw new EventFormatException("an access unit without a codec");
        }
        if (position < 0) {
            throw new EventFormatException("an access unit cannot be at position " + position);
        }
        if (delay < 0 || delay > LONGEST_DELAY) {
            throw new EventFormatException("a decoder cannot be " + delay + " pictures behind");
        }
    }
}
