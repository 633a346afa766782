package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.evaluation.scenes.Truth;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Usability;
import paseo.matching.Calibration;
import paseo.matching.Cohort;
import paseo.matching.FaceRow;
import paseo.matching.ImpostorTail;
import paseo.matching.SightingRow;

/** Two people walk through the first video, one of them also through the second. */
class ReplayIT {
    private static final int DIMENSION = 16;
    private static final int FRAMES = 30;
    private static final double FRAMES_PER_SECOND = 10;

    @TempDir
    Path directory;

    private final List<FaceRow> faces = new ArrayList<>();

    @Test
    void facesOfAnEarlierRunAreFollowedAndDecidedAgain() throws IOException, InterruptedException {
        List<Truth> first = new ArrayList<>();
        List<Truth> second = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            first.add(see("1.mp4", frame, 1, "anna", 100));
            first.add(see("1.mp4", frame, 2, "berta", 400));
            second.add(see("2.mp4", frame, 3, "anna", 250));
        }
        ImpostorTail tail = new ImpostorTail(0.3, 0.01, 0.05, -0.1);
        Calibration calibration = Calibration.of(
                "test-1",
                "test@1",
                new Calibration.Fitted("made up", 2, 1),
                tail,
                Cohort.none(tail),
                new Calibration.Within(0.7, 0.05),
                new Calibration.Rule(0.01, 5, 0.1, 0.05, 1));
        List<String> played = new ArrayList<>();
        ProductRun run;
        try (Replay replay = new Replay(directory, "test@1", calibration)) {
            run = replay.play(List.of(first, second), new ProductRun(faces, List.of()), played::add);
        }

        assertThat(played).containsExactly("1.mp4", "2.mp4");
        assertThat(run.faces()).hasSameSizeAs(faces);
        assertThat(run.sightings()).extracting(SightingRow::source).containsExactly("1.mp4", "1.mp4", "2.mp4");
        SceneOutcome outcome = new SceneOutcome(List.of(first, second), run, new Box(0, 0, 640, 360));
        assertThat(outcome.tracking().score().idf1()).isEqualTo(1);
        assertThat(outcome.verdicts().stream()
                        .filter(verdict -> "anna".equals(verdict.person()))
                        .map(verdict -> verdict.decided())
                        .distinct())
                .hasSize(1);
    }

    private Truth see(String video, int frame, int track, String person, float x) {
        Random look = new Random(person.hashCode());
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) look.nextGaussian();
        }
        double seconds = frame / FRAMES_PER_SECOND;
        faces.add(new FaceRow(
                "any",
                7,
                video,
                frame,
                0,
                seconds,
                new Box(x, 50, 60, 60),
                0.9f,
                new Pose(0, 0, 0),
                0.8f,
                Usability.USABLE,
                Optional.of(Embedding.normalised(vector)),
                Optional.empty(),
                OptionalLong.empty()));
        return new Truth(video, frame, seconds, track, person, "01.jpg", x, 50, 60, 60, 1);
    }
}
