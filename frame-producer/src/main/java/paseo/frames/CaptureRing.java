package paseo.frames;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest pictures of a camera: when all places are taken the oldest goes. Thread-safe. */
final class CaptureRing<T> {
    private final Deque<T> pictures = new ArrayDeque<>();
    private final int places;
    private final Consumer<T> overrun;

    /** @param overrun takes what has to go */
    CaptureRing(int places, Consumer<T> overrun) {
        if (places < 1) {
            throw new IllegalArgumentException("a ring has at least one place, not " + places);
        }
        this.places = places;
        this.overrun = overrun;
    }

    void put(T picture) {
        T gone = null;
        synchronized (this) {
            if (pictures.size() == places) {
                gone = pictures.removeFirst();
            }
            pictures.addLast(picture);
        }
        if (gone != null) {
            overrun.accept(gone);
        }
    }

    /** The oldest; null when there is none. */
    synchronized @Nullable T take() {
        return pictures.pollFirst();
    }

    synchronized boolean isEmpty() {
        return pictures.isEmpty();
    }
}
