package paseo.evaluation.scenes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;
import paseo.inference.BgrImage;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.PipelineSettings;
import paseo.testing.Assets;

/** What a real detector sees in scenes made from real photographs. */
class RealScenesTest {
    private static final int EVERY = 8;

    private static @Nullable FacePipeline opened;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        Assets.require("models/retail/face_detection_yunet_2026may.onnx");
        opened = FacePipeline.open(
                ModelPack.load("retail"),
                ModelStore.standard(),
                PipelineSettings.standard().withThreads(1));
    }

    @AfterAll
    static void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private final FacePipeline pipeline = requireNonNull(opened);

    @Test
    void thereIsNoFaceInAnEmptyStreet() {
        for (Preset preset : Preset.values()) {
            for (long seed = 1; seed <= 3; seed++) {
                SceneSettings settings = preset.settings(seed);
                Picture picture = new Picture(0, 0, settings.width(), settings.height());
                Stage.drawn(settings, "video", 0).draw(picture, List.of(), seed);
                assertThat(pipeline.faces(
                                BgrImage.of(picture.bgr, picture.width, picture.height), picture.width, picture.height))
                        .as("%s %d", preset, seed)
                        .isEmpty();
            }
        }
    }

    @Test
    void theDetectorFindsFacesWhereTheTruthSaysAndNowhereElse() throws Exception {
        SceneSettings settings = Preset.STREET
                .settings(5)
                .withPeople(10, 2)
                .withVideos(1)
                .withSeconds(new Range(2.5, 4))
                .withBadShare(0);
        SceneSet.Video video = Scenes.write(
                        Photographs.read(Assets.require("faces/photographs.tar")),
                        settings,
                        directory,
                        (file, done, all) -> {})
                .videos()
                .get(0);
        Map<Long, List<Truth>> truth = video.truth().stream().collect(Collectors.groupingBy(Truth::frame));
        List<Double> overlaps = new ArrayList<>();
        int nowhere = 0;
        try (VideoFile file = VideoFile.open(video.file())) {
            for (DecodedFrame frame = file.next(); frame != null; frame = file.next()) {
                if (frame.number() % EVERY == 0) {
                    List<Box> found = pipeline
                            .faces(
                                    BgrImage.of(frame.toBgr(), frame.width(), frame.height()),
                                    frame.width(),
                                    frame.height())
                            .stream()
                            .map(Face::box)
                            .toList();
                    List<Truth> rows = truth.getOrDefault(frame.number(), List.of());
                    rows.stream()
                            .filter(row -> row.visible() > 0.95)
                            .forEach(row -> overlaps.add(best(box(row), found)));
                    nowhere += (int) found.stream()
                            .filter(box -> rows.stream().noneMatch(row -> box(row).iou(box) > 0.1))
                            .count();
                }
            }
        }
        overlaps.sort(null);
        assertThat(overlaps).hasSizeGreaterThan(30);
        assertThat(overlaps.get(overlaps.size() / 2)).isGreaterThan(0.7);
        assertThat(overlaps.stream().filter(overlap -> overlap > 0.5).count()).isGreaterThan(overlaps.size() * 8L / 10);
        assertThat(nowhere).isZero();
    }

    /** A head has one face, however far it is turned, and its box is where detectors have it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40, 60})
    void turnedHeadsAreFoundWhereTheTruthSays(int degrees) throws Exception {
        var photographs = Photographs.read(Assets.require("faces/photographs.tar"));
        List<Double> overlaps = new ArrayList<>();
        List<Double> yaws = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int side = i % 2 == 0 ? 1 : -1;
            Head head = new Head(
                    Portrait.of(photographs.get(i * 300)),
                    new Pose(100, 100, 60, side * Math.toRadians(degrees), 0.05, 0, 0));
            Picture picture = new Picture(0, 0, 200, 200);
            Arrays.fill(picture.bgr, (byte) 110);
            Layer layer = new Layer(0, 0, 200, 200);
            head.draw(layer, new Light(1, 1, 1, 0));
            layer.over(picture);
            List<Face> faces = pipeline.faces(BgrImage.of(picture.bgr, 200, 200), 200, 200);
            if (!faces.isEmpty()) {
                FaceBox truth = head.box();
                overlaps.add(faces.get(0)
                        .box()
                        .iou(new Box(
                                (float) truth.x(), (float) truth.y(), (float) truth.width(), (float) truth.height())));
                yaws.add((double) side * faces.get(0).pose().yaw());
            }
        }
        overlaps.sort(null);
        yaws.sort(null);
        assertThat(overlaps).hasSizeGreaterThan(16);
        assertThat(overlaps.get(overlaps.size() / 2)).isGreaterThan(0.65);
        assertThat(overlaps.get(overlaps.size() / 10)).isGreaterThan(0.5);
        assertThat(yaws.get(yaws.size() / 2)).isBetween(degrees / 2.0 - 5, degrees + 5.0);
    }

    @Test
    void mostOfASoloSequenceIsRecognisable() throws Exception {
        var photographs = Photographs.read(Assets.require("faces/photographs.tar"));
        SoloSequences sequences = new SoloSequences(Preset.STREET.settings(5).withBadShare(0));
        int usable = 0;
        for (int i = 0; i < 10; i++) {
            for (SoloSequences.SoloFrame frame : sequences.frames(photographs.get(i * 600), i, 4)) {
                if (pipeline.examine(frame.image()) instanceof Detections.Faces faces) {
                    usable += faces.faces().stream().anyMatch(Face::usable) ? 1 : 0;
                }
            }
        }
        assertThat(usable).isBetween(24, 40);
    }

    private static double best(Box truth, List<Box> found) {
        return found.stream().mapToDouble(truth::iou).max().orElse(0);
    }

    private static Box box(Truth row) {
        return new Box((float) row.x(), (float) row.y(), (float) row.width(), (float) row.height());
    }
}
