package paseo.evaluation.scenes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import paseo.evaluation.scenes.Photographs.Photograph;

/**
 * Writes scenes: videos in which the people of the photographs walk past cameras and come back, and the truth beside
 * them. A function of photographs and settings, whatever the photographs' order.
 */
public final class Scenes {
    /** Told after each frame how many of all are done. */
    public interface Progress {
        /** Called on the thread that draws. */
        void frame(Path video, long done, long all);
    }

    private final SceneSettings settings;
    private final Path directory;
    private final Progress progress;
    private final List<List<Appearance>> plan;
    private final long allFrames;
    private long done;

    private Scenes(SceneSettings settings, Path directory, Progress progress, List<List<Appearance>> plan) {
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
        this.plan = plan;
        this.allFrames =
                plan.stream().mapToLong(video -> frames(video, settings)).sum();
    }

    /**
     * Writes {@code NAME-1.mp4}, {@code NAME-1.csv}, {@code NAME-2.mp4} and so on, replacing what is there.
     *
     * @param photographs of people; where they are too few for the settings, fewer come or come back
     * @param directory made where there is none
     * @return what was written, in the order in which it is to be played
     * @throws IOException if a photograph cannot be read or a file not be written, naming it
     */
    public static SceneSet write(
            List<Photograph> photographs, SceneSettings settings, Path directory, Progress progress)
            throws IOException {
        if (photographs.isEmpty()) {
            throw new IllegalArgumentException("a scene needs photographs");
        }
        List<List<Appearance>> plan = plan(photographs, settings);
        Files.createDirectories(directory);
        return new Scenes(settings, directory, progress, plan).write();
    }

    /**
     * Without the photographs that such a scene would show and that cannot be drawn, damaged ones or tiny ones: one
     * that is met in the middle of a video ends it. Others are not looked at.
     */
    public static List<Photograph> drawable(List<Photograph> photographs, SceneSettings settings) {
        List<Photograph> left = List.copyOf(photographs);
        while (!left.isEmpty()) {
            Set<Photograph> bad = plan(left, settings).stream()
                    .flatMap(List::stream)
                    .map(Appearance::photograph)
                    .filter(photograph -> !drawable(photograph))
                    .collect(Collectors.toSet());
            if (bad.isEmpty()) {
                break;
            }
            left = left.stream().filter(photograph -> !bad.contains(photograph)).toList();
        }
        return left;
    }

    private static boolean drawable(Photograph photograph) {
        try {
            Portrait.of(photograph);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Who walks when and where, video by video. */
    static List<List<Appearance>> plan(List<Photograph> photographs, SceneSettings settings) {
        List<List<Appearance>> plan = new ArrayList<>();
        int track = 1;
        for (List<Photograph> order : Casting.of(photographs, settings)) {
            int video = plan.size();
            List<Appearance> planned =
                    Schedule.of(order, video, track, Camera.drawn(settings, "video", video), settings);
            plan.add(planned);
            track += planned.size();
        }
        return plan;
    }

    private SceneSet write() throws IOException {
        List<SceneSet.Video> videos = new ArrayList<>();
        for (List<Appearance> appearances : plan) {
            videos.add(write(videos.size(), appearances));
        }
        List<Appearance> all = plan.stream().flatMap(List::stream).toList();
        int people = (int) all.stream()
                .map(appearance -> appearance.photograph().person())
                .distinct()
                .count();
        return new SceneSet(settings, videos, people, all.size());
    }

    private SceneSet.Video write(int number, List<Appearance> appearances) throws IOException {
        String name = settings.name() + "-" + (number + 1);
        Path file = directory.resolve(name + ".mp4");
        Path csv = directory.resolve(name + ".csv");
        long frames = frames(appearances, settings);
        Stage stage = Stage.drawn(settings, "video", number);
        Picture picture = new Picture(0, 0, settings.width(), settings.height());
        Map<Integer, Actor> actors = new HashMap<>();
        List<Truth> truth = new ArrayList<>();
        try (SceneVideo video = new SceneVideo(file, settings)) {
            for (long frame = 0; frame < frames; frame++) {
                double time = frame / settings.framesPerSecond();
                List<Walker> walkers = walkers(appearances, actors, stage, time);
                stage.draw(
                        picture, walkers.stream().map(Walker::figure).toList(), Dice.key(settings.seed(), name, frame));
                video.add(picture);
                truth.addAll(truth(walkers, file, frame, time));
                progress.frame(file, ++done, allFrames);
            }
        }
        Truth.write(csv, truth);
        return new SceneSet.Video(file, csv, frames, List.copyOf(truth));
    }

    /** Somebody in one frame. */
    private record Walker(Appearance appearance, Figure figure) {}

    /** From the farthest to the nearest; photographs are held only while somebody walks. */
    private List<Walker> walkers(List<Appearance> appearances, Map<Integer, Actor> actors, Stage stage, double time)
            throws IOException {
        List<Walker> walkers = new ArrayList<>();
        for (Appearance appearance : appearances) {
            if (time > appearance.end()) {
                actors.remove(appearance.track());
            } else if (time >= appearance.start()) {
                Actor actor = actors.get(appearance.track());
                if (actor == null) {
                    actor = actor(appearance, stage.camera());
                    actors.put(appearance.track(), actor);
                }
                walkers.add(new Walker(appearance, actor.at(time - appearance.start())));
            }
        }
        walkers.sort(Comparator.comparingDouble(
                        (Walker walker) -> walker.figure().pose().size())
                .thenComparing(walker -> walker.appearance().track()));
        return walkers;
    }

    private Actor actor(Appearance appearance, Camera camera) throws IOException {
        Photograph photograph = appearance.photograph();
        Dice dice = Dice.of(
                settings.seed(), settings.name(), "look", appearance.video(), photograph.person(), photograph.name());
        return Actor.drawn(Portrait.of(photograph), appearance.walk(), camera, settings, appearance.flaw(), dice);
    }

    private List<Truth> truth(List<Walker> walkers, Path file, long frame, double time) {
        List<Figure> figures = walkers.stream().map(Walker::figure).toList();
        List<Truth> rows = new ArrayList<>();
        for (int i = 0; i < walkers.size(); i++) {
            FaceBox whole = figures.get(i).box();
            FaceBox box = whole.within(settings.width(), settings.height());
            if (box.width() < 1 || box.height() < 1) {
                continue;
            }
            Appearance appearance = walkers.get(i).appearance();
            rows.add(new Truth(
                    String.valueOf(file.getFileName()),
                    frame,
                    time,
                    appearance.track(),
                    appearance.photograph().person(),
                    appearance.photograph().name(),
                    box.x(),
                    box.y(),
                    box.width(),
                    box.height(),
                    Stage.visible(whole, figures.subList(i + 1, figures.size()), settings.width(), settings.height())));
        }
        rows.sort(Comparator.comparingInt(Truth::track));
        return rows;
    }

    private static long frames(List<Appearance> video, SceneSettings settings) {
        double end = video.stream().mapToDouble(Appearance::end).max().orElse(0);
        return Math.max(1, (long) Math.ceil(end * settings.framesPerSecond()));
    }
}
