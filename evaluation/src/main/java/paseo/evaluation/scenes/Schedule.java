package paseo.evaluation.scenes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scenes.Photographs.Photograph;

/** When everybody of one video starts to walk, so that the number of people in view stays within the settings. */
final class Schedule {
    private static final double TICK = 0.1;

    /** How often the number in view that is aimed at changes, and the least time between two starts, seconds. */
    private static final double MOOD = 2.5;

    private static final double APART = 0.2;

    /** How long somebody stays away at least before coming back into the same video. */
    private static final double AWAY = 2;

    /** At either end of a walk only a body is in the picture; that share of the walk counts as nobody in view. */
    private static final double ENDS = 0.14;

    private Schedule() {}

    /**
     * Plans a video.
     *
     * @param order the photographs in the order of their coming
     * @param video number of the file, from 0
     * @param firstTrack number of the first appearance
     */
    static List<Appearance> of(
            List<Photograph> order, int video, int firstTrack, Camera camera, SceneSettings settings) {
        Dice dice = Dice.of(settings.seed(), settings.name(), "schedule", video);
        List<Photograph> waiting = new ArrayList<>(order);
        List<Appearance> planned = new ArrayList<>();
        Map<String, Double> until = new HashMap<>();
        int aim = settings.fewestInView();
        double change = 0;
        double last = -APART;
        for (int tick = 0; !waiting.isEmpty(); tick++) {
            double now = tick * TICK;
            if (now >= change) {
                aim = settings.fewestInView() + dice.below(settings.mostInView() - settings.fewestInView() + 1);
                change += MOOD;
            }
            if (now - last >= APART && inView(planned, now) < aim) {
                Photograph next = takeNext(waiting, until, now);
                if (next != null) {
                    Appearance appearance = start(next, video, firstTrack + planned.size(), now, camera, settings);
                    planned.add(appearance);
                    until.put(next.person(), appearance.end() + AWAY);
                    last = now;
                }
            }
        }
        return planned;
    }

    private static Appearance start(
            Photograph photograph, int video, int track, double now, Camera camera, SceneSettings settings) {
        Dice dice = Dice.of(settings.seed(), settings.name(), "walk", video, photograph.person(), photograph.name());
        Flaw flaw = Flaw.drawn(dice, settings.badShare());
        return new Appearance(track, video, photograph, flaw, Walk.drawn(camera, settings, flaw, dice), now);
    }

    private static long inView(List<Appearance> planned, double now) {
        return planned.stream()
                .filter(one -> now < one.end() - ENDS * one.walk().seconds())
                .count();
    }

    /** The first who is not still in the picture, or just out of it. */
    private static @Nullable Photograph takeNext(List<Photograph> waiting, Map<String, Double> until, double now) {
        for (Photograph photograph : waiting) {
            if (until.getOrDefault(photograph.person(), 0.0) <= now) {
                waiting.remove(photograph);
                return photograph;
            }
        }
        return null;
    }
}
