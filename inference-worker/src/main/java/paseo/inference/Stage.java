package paseo.inference;

import java.util.Locale;

/** A step on a picture's way to faces, for measuring how long it takes. */
public enum Stage {
    DECODE,
    DETECT,
    LANDMARKS,
    POSE,
    ALIGN,
    EMBED,
    CROP,
    PUBLISH;

    /** Lower case, for a metric's tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Is told how long a step took. Called from many threads. */
    @FunctionalInterface
    public interface Listener {
        /** One step took that long. */
        void took(Stage stage, long nanos);
    }
}
