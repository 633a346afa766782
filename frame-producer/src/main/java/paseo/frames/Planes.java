package paseo.frames;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Copies the planes of a native picture out and in. */
final class Planes {
    private Planes() {}

    /** A plane's rows without gaps. */
    static byte[] read(AVFrame picture, int plane, int rowBytes, int rows) {
        byte[] bytes = new byte[rowBytes * rows];
        BytePointer data = picture.data(plane);
        int stride = picture.linesize(plane);
        if (stride == rowBytes) {
            data.get(bytes);
            return bytes;
        }
        for (int row = 0; row < rows; row++) {
            data.position((long) row * stride).get(bytes, row * rowBytes, rowBytes);
        }
        return bytes;
    }

    /** Overwrites a plane with rows without gaps. */
    static void write(byte[] bytes, AVFrame picture, int plane, int rowBytes, int rows) {
        BytePointer data = picture.data(plane);
        int stride = picture.linesize(plane);
        for (int row = 0; row < rows; row++) {
            data.position((long) row * stride).put(bytes, row * rowBytes, rowBytes);
        }
    }
}
