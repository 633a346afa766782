package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.scenes.Truth;
import paseo.evaluation.scoring.Bootstrap.Outcome;
import paseo.evaluation.scoring.SameFrame;
import paseo.evaluation.scoring.Scores;
import paseo.evaluation.scoring.SequenceVerdict;
import paseo.evaluation.scoring.TimeToIdentify.Appearance;
import paseo.events.Box;
import paseo.events.Decision;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Usability;
import paseo.matching.Calibration;
import paseo.matching.Cohort;
import paseo.matching.FaceRow;
import paseo.matching.ImpostorTail;
import paseo.matching.SightingRow;

/** Two videos: anna walks through the first beside berta, and comes back in the second. */
class SceneOutcomeTest {
    private static final int FRAMES = 10;
    private static final float WIDTH = 60;
    private static final Box PICTURE = new Box(0, 0, 640, 360);

    private final List<FaceRow> faces = new ArrayList<>();
    private final List<SightingRow> sightings = new ArrayList<>();

    @Test
    void everySequenceIsWhoMostOfItsBoxesAre() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "b", 400, 2, Decision.NEW);
        see("2.mp4", "c", 200, 1, Decision.RECOGNISED);
        SceneOutcome outcome = outcome();

        assertThat(outcome.verdicts())
                .extracting(SequenceVerdict::person, SequenceVerdict::decided, SequenceVerdict::usable)
                .containsExactlyInAnyOrder(
                        tuple("anna", "1", true), tuple("berta", "2", true), tuple("anna", "1", true));
        assertThat(outcome.sequences())
                .extracting(FaceSequence::person)
                .containsExactlyInAnyOrder("anna", "berta", "anna")
                .endsWith("anna");
        assertThat(outcome.tracking().score().idf1()).isEqualTo(1);
        assertThat(outcome.covered()).isEqualTo(outcome.appearances()).hasSize(3);
    }

    @Test
    void whoIsNotFoundIsNotCovered() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        SceneOutcome outcome = outcome();

        assertThat(outcome.covered()).containsExactly("anna#1");
        assertThat(outcome.tracking().score().recall()).isEqualTo(1 / 3.0);
    }

    @Test
    void oneNumberTwiceInAFrameIsSeen() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "b", 400, 1, Decision.RECOGNISED);

        assertThat(SameFrame.duplicates(outcome().shown())).isEqualTo(FRAMES);
    }

    @Test
    void timeRunsFromTheFirstUsableFaceToTheRightNumber() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "b", 400, 2, Decision.NEW);
        see("2.mp4", "c", 200, 2, Decision.RECOGNISED);

        List<Appearance> appearances = outcome().identifications(Map.of("1", "anna", "2", "berta"));

        assertThat(appearances)
                .containsExactlyInAnyOrder(
                        new Appearance("anna", 0.1, OptionalDouble.of(0.5)),
                        new Appearance("berta", 0.1, OptionalDouble.of(0.5)),
                        new Appearance("anna", 0.1, OptionalDouble.empty()));
    }

    @Test
    void whatBecameKnownAfterAFinalDecisionIsCounted() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("2.mp4", "c", 200, 2, Decision.NEW);
        sightings.set(
                1, revised(sightings.get(1), Decision.NEW, sightings.get(1).decidedPerson(), OptionalLong.of(1)));

        assertThat(outcome().revisions())
                .containsExactlyInAnyOrder(new Outcome("anna", false), new Outcome("anna", true));
    }

    @Test
    void aFaceTooSmallToBeAskedForIsNeitherMissedNorWrong() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        List<List<Truth>> truth =
                List.of(List.of(truth("1.mp4", 0, 1, "anna", 100, 60), truth("1.mp4", 0, 2, "carla", 500, 15)));
        SceneOutcome outcome = new SceneOutcome(truth, new ProductRun(faces.subList(0, 1), sightings), PICTURE);

        assertThat(outcome.tracking().score().falseNegatives()).isZero();
        assertThat(outcome.appearances()).containsExactly("anna#1");
    }

    /** Of somebody who has come in by half, a detector knows the whole face, and the truth what is in the picture. */
    @Test
    void whatIsOutsideThePictureIsNotCompared() {
        see("1.mp4", "a", -25, 1, Decision.NEW);
        Truth inside = new Truth("1.mp4", 0, 0, 1, "anna", "01.jpg", 0, 50, WIDTH - 25, WIDTH, 1);
        SceneOutcome outcome =
                new SceneOutcome(List.of(List.of(inside)), new ProductRun(faces.subList(0, 1), sightings), PICTURE);

        assertThat(outcome.tracking().score().hota()).isEqualTo(1);
    }

    @Test
    void aUsableSequenceOfFacesThatNeedNotBeFoundIsJudged() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "b", 400, 1, Decision.RECOGNISED);
        see("1.mp4", "d", 600, 1, Decision.UNUSABLE);
        List<Truth> video = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            video.add(truth("1.mp4", frame, 1, "anna", 100, WIDTH));
            video.add(hidden(truth("1.mp4", frame, 2, "berta", 400, WIDTH)));
            video.add(hidden(truth("1.mp4", frame, 3, "carla", 600, WIDTH)));
        }
        SceneOutcome outcome = new SceneOutcome(List.of(video), new ProductRun(faces, sightings), PICTURE);

        assertThat(outcome.verdicts())
                .extracting(SequenceVerdict::person, SequenceVerdict::decided)
                .containsExactlyInAnyOrder(tuple("anna", "1"), tuple("berta", "1"));
        assertThat(outcome.appearances()).containsExactly("anna#1");
        assertThat(outcome.covered()).contains("anna#1", "berta#2");
    }

    @Test
    void whatATrackerBrokeOffDoesNotComeBack() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "a2", 100, 1, Decision.RECOGNISED);
        see("2.mp4", "c", 200, 1, Decision.RECOGNISED);
        List<FaceRow> half = new ArrayList<>(faces.subList(0, FRAMES / 2));
        half.addAll(faces.subList(FRAMES + FRAMES / 2, 3 * FRAMES));
        faces.clear();
        faces.addAll(half);
        SceneOutcome outcome = outcome();

        assertThat(outcome.verdicts()).hasSize(3);
        assertThat(outcome.beginnings()).hasSize(2).contains(id("c").toString());
    }

    @Test
    void whatBecameKnownLaterIdentifiedNobody() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("2.mp4", "c", 200, 1, Decision.RECOGNISED);
        sightings.set(1, revised(sightings.get(1), Decision.UNDECIDED, OptionalLong.empty(), OptionalLong.of(1)));
        SceneOutcome outcome = outcome();

        assertThat(outcome.identifications(Map.of("1", "anna")))
                .containsExactlyInAnyOrder(
                        new Appearance("anna", 0.1, OptionalDouble.of(0.5)),
                        new Appearance("anna", 0.1, OptionalDouble.empty()));

        assertThat(outcome.verdicts()).extracting(SequenceVerdict::decided).containsExactlyInAnyOrder("1", "1");
        assertThat(outcome.decisions()).extracting(SequenceVerdict::decided).containsExactlyInAnyOrder("1", null);
    }

    @Test
    void allOfItIsScoredAndTold() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        see("1.mp4", "b", 400, 2, Decision.NEW);
        see("2.mp4", "c", 200, 1, Decision.RECOGNISED);
        ImpostorTail tail = new ImpostorTail(0.3, 0.01, 0.05, -0.1);
        Calibration calibration = Calibration.of(
                "test-1",
                "test@1",
                new Calibration.Fitted("made up", 2, 1),
                tail,
                Cohort.none(tail),
                new Calibration.Within(0.7, 0.05),
                new Calibration.Rule(0.01, 5, 0.1, 0.05, 30));
        SceneScores measured = new SceneScores(outcome(), 0.5, calibration, 1);
        Scores scores = new Scores().state("preset", "test");
        measured.put(scores);

        assertThat(scores.keys())
                .contains(
                        "coverage",
                        "hota",
                        "idf1",
                        "mota",
                        "switches_per_minute",
                        "impure_sequences",
                        "fpir",
                        "fnir_returns",
                        "fnir_at_fpir_1.ours",
                        "fnir_at_fpir_1.first_face",
                        "fnir_at_fpir_1.best_face",
                        "fnir_at_fpir_1.mean",
                        "fnir_at_fpir_1.any_face",
                        "fnir_at_fpir_1.article",
                        "bcubed_f",
                        "pairwise_precision",
                        "fragmentation",
                        "contamination",
                        "count_error",
                        "same_frame_duplicates",
                        "time_to_identify_p95_s");
        assertThat(scores.find("bcubed_f").orElseThrow().value()).isEqualTo(1);
        assertThat(scores.find("count_error").orElseThrow().value()).isZero();
        assertThat(scores.json()).contains("\"coverage_ci\"");
        assertThat(EvaluationReport.of("Title", "subtitle", scores, measured, List.of()))
                .contains("Title", "Detection error trade-off", "Strangers taken for somebody", "</html>");
    }

    @Test
    void aNameMayHoldWhatSeparatesItFromTheTrack() {
        see("1.mp4", "a", 100, 1, Decision.NEW);
        List<List<Truth>> truth =
                List.of(List.of(truth("1.mp4", 0, 1, "anna#2", 100, WIDTH), truth("1.mp4", 0, 2, "anna", 400, WIDTH)));
        SceneOutcome outcome = new SceneOutcome(truth, new ProductRun(faces.subList(0, 1), sightings), PICTURE);

        assertThat(outcome.verdicts()).extracting(SequenceVerdict::person).containsExactly("anna#2");
        assertThat(outcome.appearances()).extracting(SceneOutcome::person).containsExactlyInAnyOrder("anna#2", "anna");
    }

    private SceneOutcome outcome() {
        List<Truth> first = new ArrayList<>();
        List<Truth> second = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            first.add(truth("1.mp4", frame, 1, "anna", 100, WIDTH));
            first.add(truth("1.mp4", frame, 2, "berta", 400, WIDTH));
            second.add(truth("2.mp4", frame, 3, "anna", 200, WIDTH));
        }
        return new SceneOutcome(List.of(first, second), new ProductRun(faces, sightings), PICTURE);
    }

    private static Truth truth(String video, int frame, int track, String person, double x, double width) {
        return new Truth(video, frame, frame / 10.0, track, person, "01.jpg", x, 50, width, width, 1);
    }

    private static Truth hidden(Truth row) {
        return new Truth(
                row.video(),
                row.frame(),
                row.timeSeconds(),
                row.track(),
                row.person(),
                row.photograph(),
                row.x(),
                row.y(),
                row.width(),
                row.height(),
                0.4);
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** A sequence at a place; its first face is not usable, and it is identified half a second in. */
    private void see(String video, String name, float x, long person, Decision decision) {
        UUID sequence = id(name);
        for (int frame = 0; frame < FRAMES; frame++) {
            boolean usable = frame > 0;
            faces.add(new FaceRow(
                    "camera-" + video,
                    1,
                    video,
                    frame,
                    0,
                    frame / 10.0,
                    new Box(x, 50, WIDTH, WIDTH),
                    0.9f,
                    new Pose(0, 0, 0),
                    0.5f,
                    usable ? Usability.USABLE : Usability.BLURRED,
                    usable ? Optional.of(Embedding.normalised(new float[] {x, 1, 0, 0})) : Optional.empty(),
                    Optional.of(sequence),
                    OptionalLong.of(person)));
        }
        sightings.add(new SightingRow(
                sequence,
                OptionalLong.of(person),
                "camera-" + video,
                1,
                video,
                0,
                FRAMES - 1,
                0,
                (FRAMES - 1) / 10.0,
                FRAMES,
                FRAMES - 1,
                decision,
                OptionalLong.of(person),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                0,
                "test",
                "test@1",
                OptionalDouble.of(0.5)));
    }

    /** The same sequence, decided like that when it ended, whose person is this one by now. */
    private static SightingRow revised(
            SightingRow row, Decision decision, OptionalLong decidedPerson, OptionalLong person) {
        return new SightingRow(
                row.sequence(),
                person,
                row.camera(),
                row.epoch(),
                row.source(),
                row.firstFrame(),
                row.lastFrame(),
                row.startSeconds(),
                row.endSeconds(),
                row.faces(),
                row.usableFaces(),
                decision,
                decidedPerson,
                row.similarity(),
                row.runnerUp(),
                row.threshold(),
                row.gallerySize(),
                row.calibration(),
                row.modelPack(),
                row.identifiedSeconds());
    }
}
