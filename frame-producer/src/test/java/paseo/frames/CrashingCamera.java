package paseo.frames;

import org.bytedeco.javacpp.BytePointer;

/** A program whose native code crashes on the thread of a camera. */
final class CrashingCamera {
    private CrashingCamera() {}

    /** Memory that nobody has. */
    private static final class Nowhere extends BytePointer {
        Nowhere() {
            address = 8;
        }
    }

    /** The id of the camera. */
    public static void main(String[] arguments) throws InterruptedException {
        Thread thread = new Thread(() -> new Nowhere().fill(1), "camera-" + arguments[0]);
        thread.start();
        thread.join();
    }
}
