package paseo.evaluation.scenes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import paseo.evaluation.scenes.Photographs.Photograph;

/**
 * Who comes when: people and their photographs, dealt out over the videos. Nobody appears twice with one photograph.
 * People are drawn anew for each seed, so that sets of different seeds share some of them: whoever needs other people
 * hands in other photographs.
 */
final class Casting {
    /** One of so many who come back does so in the video of the first appearance; all others in a later one. */
    private static final int SAME_VIDEO = 6;

    /** How much more of the people are first seen in the first video than in the last. */
    private static final double FIRST_OVER_LAST = 3;

    /**
     * A place in the order of one video.
     *
     * @param order from 0, the video's start, to 1
     */
    private record Entry(Photograph photograph, int video, double order) {}

    private final SceneSettings settings;
    private final Dice dice;
    private final List<Entry> entries = new ArrayList<>();

    private Casting(SceneSettings settings) {
        this.settings = settings;
        this.dice = Dice.of(settings.seed(), settings.name(), "casting");
    }

    /** For each video its photographs in the order of their coming. */
    static List<List<Photograph>> of(List<Photograph> photographs, SceneSettings settings) {
        Casting casting = new Casting(settings);
        casting.deal(casting.chosen(people(photographs)));
        List<List<Photograph>> videos = new ArrayList<>();
        for (int video = 0; video < settings.videos(); video++) {
            int number = video;
            videos.add(casting.entries.stream()
                    .filter(entry -> entry.video() == number)
                    .sorted(Comparator.comparingDouble(Entry::order))
                    .map(Entry::photograph)
                    .toList());
        }
        return videos;
    }

    private static Map<String, List<Photograph>> people(List<Photograph> photographs) {
        Map<String, List<Photograph>> people = new LinkedHashMap<>();
        photographs.stream()
                .sorted(Comparator.comparing(Photograph::person).thenComparing(Photograph::name))
                .forEach(photograph -> people.computeIfAbsent(photograph.person(), person -> new ArrayList<>())
                        .add(photograph));
        return people;
    }

    /**
     * The photographs that each person appears with: first those who come back, then any others. Where there are too
     * few photographs for that, fewer come or come back.
     */
    private List<List<Photograph>> chosen(Map<String, List<Photograph>> people) {
        List<List<Photograph>> pool = new ArrayList<>(people.values());
        pool.forEach(dice::shuffle);
        dice.shuffle(pool);
        List<List<Photograph>> several =
                pool.stream().filter(photos -> photos.size() > 1).toList();
        // A quarter of them comes back twice or more where there are photographs for it.
        int returning = Math.min(Math.min(several.size(), settings.people()), (settings.returns() * 4 + 4) / 5);
        List<List<Photograph>> chosen = new ArrayList<>();
        int left = settings.returns();
        for (int i = 0; i < Math.min(several.size(), settings.people()); i++) {
            if (i < returning || left > 0) {
                List<Photograph> photos = several.get(i);
                int others = returning - i - 1;
                int most = Math.min(photos.size(), Math.max(2, settings.videos())) - 1;
                int wanted = Math.max(1, Math.min(most, left - Math.max(0, others)));
                int taken = Math.min(left, wanted);
                chosen.add(photos.subList(0, 1 + taken));
                left -= taken;
            }
        }
        Set<String> taken = new HashSet<>();
        chosen.forEach(photos -> taken.add(photos.get(0).person()));
        for (List<Photograph> photos : pool) {
            if (chosen.size() < settings.people() && taken.add(photos.get(0).person())) {
                chosen.add(photos.subList(0, 1));
            }
        }
        return chosen;
    }

    private void deal(List<List<Photograph>> chosen) {
        for (int number = 0; number < chosen.size(); number++) {
            List<Photograph> photos = chosen.get(number);
            boolean sameVideo = photos.size() > 1 && (settings.videos() == 1 || number % SAME_VIDEO == 0);
            int later = sameVideo ? photos.size() - 2 : photos.size() - 1;
            int latest = Math.max(0, settings.videos() - 1 - later);
            int video = video(latest);
            // In one video: the first near its start, the return near its end.
            entries.add(new Entry(photos.get(0), video, sameVideo ? dice.between(0, 0.2) : dice.between(0, 1)));
            for (int i = 1; i < photos.size(); i++) {
                if (sameVideo && i == 1) {
                    entries.add(new Entry(photos.get(i), video, dice.between(0.8, 1)));
                } else {
                    int first = Math.min(settings.videos() - 1, video + 1);
                    int last = Math.max(first, settings.videos() - (photos.size() - i));
                    video = first + dice.below(last - first + 1);
                    entries.add(new Entry(photos.get(i), video, dice.between(0, 1)));
                }
            }
        }
    }

    /** One of the first so many videos, the earlier the likelier. */
    private int video(int latest) {
        double slope = FIRST_OVER_LAST - 1;
        double place = dice.between(0, 1);
        // The inverse of the distribution whose density falls straight from FIRST_OVER_LAST to 1.
        double total = 1 + slope / 2;
        double t = (1 + slope - Math.sqrt((1 + slope) * (1 + slope) - 2 * slope * total * place)) / slope;
        return Math.min(latest, (int) (t * (latest + 1)));
    }
}
