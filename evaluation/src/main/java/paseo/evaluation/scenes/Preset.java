package paseo.evaluation.scenes;

import java.util.Locale;

/** Scenes that numbers are quoted for. */
public enum Preset {
    /** A few people near the camera, two or three in view, nobody unrecognisable: a minute for the quick check. */
    EASY,
    /** A street: hundreds of people, three to six in view, some of them never recognisable. */
    STREET,
    /** Ten to sixteen small faces in view that cover each other. */
    CROWD;

    /** The preset with a seed. */
    public SceneSettings settings(long seed) {
        String name = name().toLowerCase(Locale.ROOT);
        return switch (this) {
            case EASY ->
                new SceneSettings(
                        name,
                        seed,
                        640,
                        360,
                        12.5,
                        3,
                        14,
                        12,
                        new Range(45, 110),
                        2,
                        3,
                        new Range(3, 5.5),
                        0,
                        Degradation.MILD);
            case STREET ->
                new SceneSettings(
                        name,
                        seed,
                        1280,
                        720,
                        12.5,
                        4,
                        350,
                        215,
                        new Range(36, 110),
                        3,
                        6,
                        new Range(2.5, 5.6),
                        0.05,
                        Degradation.REALISTIC);
            case CROWD ->
                new SceneSettings(
                        name,
                        seed,
                        1280,
                        720,
                        15,
                        3,
                        180,
                        130,
                        new Range(30, 80),
                        10,
                        16,
                        new Range(3, 6),
                        0.15,
                        Degradation.HARSH);
        };
    }
}
