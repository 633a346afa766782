package paseo.inference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Faces;
import paseo.events.Face;
import paseo.events.Image;
import paseo.events.Usability;

class FacePipelineTest {
    @TempDir
    private Path root;

    @Test
    void findsAndEmbedsAFace() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            List<Face> faces = pipeline.faces(SmallPack.picture(320, 240, 10, 12), 320, 240);

            assertThat(faces).hasSize(1);
            Face face = faces.get(0);
            assertThat(face.usability()).isEqualTo(Usability.USABLE);
            assertThat(face.box().centreX()).isEqualTo(84, within(0.01f));
            assertThat(face.box().centreY()).isEqualTo(100, within(0.01f));
            assertThat(face.box().width()).isEqualTo(40, within(0.01f));
            assertThat(face.landmarks().leftEye().x()).isEqualTo(64 + 0.3f * 40, within(0.01f));
            assertThat(face.pose().yaw()).isEqualTo(5, within(0.001f));
            assertThat(face.pose().pitch()).isEqualTo(-3, within(0.001f));
            assertThat(face.pose().roll()).isEqualTo(1, within(0.001f));
            assertThat(face.quality()).isBetween(0f, 1f);
            assertThat(requireNonNull(face.embedding()).dimension()).isEqualTo(SmallPack.DIMENSION);
        }
    }

    @Test
    void theCropIsAJpegOfTheEmbeddersSize() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            Face face = pipeline.faces(SmallPack.picture(320, 240, 10, 12), 320, 240)
                    .get(0);

            BgrImage decoded = BgrImage.ofJpeg(requireNonNull(face.crop()));
            assertThat(decoded.width()).isEqualTo(128);
            assertThat(decoded.height()).isEqualTo(128);
        }
    }

    @Test
    void boxesAndLandmarksAreInPixelsOfTheSource() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            BgrImage picture = SmallPack.picture(320, 240, 10, 12);
            Face small = pipeline.faces(picture, 320, 240).get(0);
            Face large = pipeline.faces(picture, 640, 480).get(0);

            assertThat(large.box().x()).isEqualTo(2 * small.box().x(), within(0.001f));
            assertThat(large.box().height()).isEqualTo(2 * small.box().height(), within(0.001f));
            assertThat(large.landmarks().nose().y())
                    .isEqualTo(2 * small.landmarks().nose().y(), within(0.001f));
            assertThat(large.embedding()).isEqualTo(small.embedding());
        }
    }

    @Test
    void aBatchGivesTheSameBitsAsOnePictureAtATime() throws IOException {
        Random random = new Random(1);
        List<BgrImage> pictures = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            int width = 160 + random.nextInt(10) * 40;
            pictures.add(SmallPack.picture(width, 240, 4 + random.nextInt(width / 8 - 8), 4 + random.nextInt(22)));
        }
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            List<List<Face>> together = pipeline.faces(pictures);

            for (int i = 0; i < pictures.size(); i++) {
                BgrImage picture = pictures.get(i);
                assertThat(together.get(i)).isEqualTo(pipeline.faces(picture, picture.width(), picture.height()));
                assertThat(together.get(i)).isNotEmpty();
            }
        }
    }

    @Test
    void theEmbeddingOfAUsableFaceIsTheFacesOwn() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            BgrImage picture = SmallPack.picture(320, 240, 10, 12);
            Face face = pipeline.faces(picture, 320, 240).get(0);

            assertThat(pipeline.embedding(picture, face.landmarks())).contains(requireNonNull(face.embedding()));
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 44: of a crowd the largest and surest two hundred are looked at, the rest is counted")
    void ofACrowdTheFirstTwoHundredAreLookedAt() throws IOException {
        int[] corners = new int[2 * 15 * 15];
        for (int i = 0; i < 225; i++) {
            corners[2 * i] = 3 + i % 15 * 5;
            corners[2 * i + 1] = 3 + i / 15 * 5;
        }
        ModelPack pack = new SmallPack(root).write();
        BgrImage picture = SmallPack.picture(640, 640, corners);
        try (FacePipeline pipeline = open(pack)) {
            List<Face> faces = pipeline.faces(picture, 640, 640);

            assertThat(faces).hasSize(225);
            assertThat(faces).filteredOn(Face::usable).hasSize(200);
            assertThat(faces)
                    .filteredOn(face -> face.usability() == Usability.CROWDED_OUT)
                    .hasSize(25);
            try (FacePipeline alone = FacePipeline.open(pack, store(), new PipelineSettings(1, Set.of()))) {
                assertThat(alone.faces(picture, 640, 640))
                        .as("by one thread, which nobody helps")
                        .isEqualTo(faces);
            }
        }
    }

    @Test
    void aSmallFaceIsKeptWithoutAnEmbedding() throws IOException {
        ModelPack pack = new SmallPack(root).detector(SmallPack.detector(20)).write();
        assertThat(usability(pack)).isEqualTo(Usability.TOO_SMALL);
    }

    @Test
    void aProfileIsTurnedAway() throws IOException {
        assertThat(usability(new SmallPack(root).pose(SmallPack.pose(-65, 0, 0)).write()))
                .isEqualTo(Usability.TURNED_AWAY);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 43: a face with landmarks outside the picture is kept as a detection without identity")
    void landmarksOutsideThePictureAreMalformed() throws IOException {
        ModelPack pack = new SmallPack(root)
                .landmarks(SmallPack.landmarks(-9, 0.3f, 0.7f, 0.3f, 0.5f, 0.5f, 0.3f, 0.7f, 0.7f, 0.7f))
                .write();
        assertThat(usability(pack)).isEqualTo(Usability.MALFORMED);
    }

    @Test
    void landmarksInOnePointAreMalformed() throws IOException {
        ModelPack pack = new SmallPack(root)
                .landmarks(SmallPack.landmarks(.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f))
                .write();
        assertThat(usability(pack)).isEqualTo(Usability.MALFORMED);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 43: an embedding of length zero gives no identity")
    void anEmbeddingWithoutDirectionIsMalformed() throws IOException {
        assertThat(usability(new SmallPack(root).embedder(SmallPack.embedder(0)).write()))
                .isEqualTo(Usability.MALFORMED);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 41: models that give no numbers are refused at the start")
    void modelsThatGiveNoNumbersFailTheSelfTest() throws IOException {
        ModelPack embedder =
                new SmallPack(root).embedder(SmallPack.embedder(Float.NaN)).write();
        assertThatThrownBy(() -> open(embedder))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("embedder.onnx")
                .hasMessageContaining("not finite");
        ModelPack pose =
                new SmallPack(root).pose(SmallPack.pose(Float.NaN, 0, 0)).write();
        assertThatThrownBy(() -> open(pose))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("pose.onnx");
    }

    @Test
    @Tag("fault")
    @DisplayName("row 41: a model of another shape is refused at the start")
    void aModelOfTheWrongShapeIsRefused() throws IOException {
        OnnxGraph other = new OnnxGraph("other");
        other.input("data", -1, 3, 112, 112);
        other.op("Identity", "embedding", "data");
        other.output("embedding", -1, 3, 112, 112);
        ModelPack pack = new SmallPack(root).embedder(other).write();

        assertThatThrownBy(() -> open(pack))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("small/embedder.onnx takes data[-1, 3, 112, 112] where [-1, 3, 128, 128]");
    }

    @Test
    @Tag("fault")
    @DisplayName("row 41: a licence that was not accepted is refused at the start")
    void aRestrictedLicenceHasToBeAccepted() throws IOException {
        ModelPack pack = new SmallPack(root).nonCommercial().write();

        assertThatThrownBy(() -> open(pack))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("--accept-licence strict");
        FacePipeline.open(pack, store(), new PipelineSettings(1, Set.of("strict")))
                .close();
    }

    @Test
    void aPictureFromTheWireGivesWhatItShows() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            ByteBuffer jpeg = jpeg(SmallPack.picture(128, 128, 8, 8));
            var contents = pipeline.examine(List.of(new Image(jpeg, 128, 128, 256, 256)));

            assertThat(contents).hasSize(1);
            assertThat(contents.get(0)).isInstanceOfSatisfying(Faces.class, faces -> {
                assertThat(faces.modelPack()).isEqualTo("small@1");
                assertThat(faces.embeddingDimension()).isEqualTo(SmallPack.DIMENSION);
                assertThat(faces.sourceWidth()).isEqualTo(256);
                assertThat(faces.faces()).hasSize(1);
                assertThat(faces.faces().get(0).box().centreX()).isEqualTo(136, within(0.1f));
            });
        }
    }

    @Test
    void aCameraMayAskForLargerFacesThanThePack() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            Image image = new Image(jpeg(SmallPack.picture(128, 128, 8, 8)), 128, 128, 256, 256);
            Face face = face(pipeline, image);
            int width = Math.round(face.box().width());

            assertThat(face.usability()).isEqualTo(Usability.USABLE);
            assertThat(face(pipeline, image.ofCamera(1, width))).isEqualTo(face);
            assertThat(face(pipeline, image.ofCamera(1, width + 1)).usability()).isEqualTo(Usability.TOO_SMALL);
        }
    }

    private static Face face(FacePipeline pipeline, Image image) {
        return ((Faces) pipeline.examine(image)).faces().get(0);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 45: damaged pictures and bombs are dropped by their header, the others are looked at")
    void picturesThatCannotBeReadAreDroppedAndTheOthersAreNot() throws IOException {
        try (FacePipeline pipeline = open(new SmallPack(root).write())) {
            ByteBuffer jpeg = jpeg(SmallPack.picture(128, 128, 8, 8));
            byte[] bytes = new byte[jpeg.remaining()];
            jpeg.get(0, bytes);
            ByteBuffer truncated = ByteBuffer.wrap(bytes, 0, bytes.length / 2).slice();
            byte[] bomb = bytes.clone();
            int frame = startOfFrame(bomb);
            bomb[frame + 5] = (byte) 0xff;
            bomb[frame + 7] = (byte) 0xff;
            var contents = pipeline.examine(List.of(
                    new Image(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}), 128, 128, 128, 128),
                    new Image(truncated, 128, 128, 128, 128),
                    new Image(ByteBuffer.wrap(bomb), 128, 128, 128, 128),
                    new Image(jpeg, 128, 128, 128, 128)));

            assertThat(contents.get(0)).isEqualTo(new Dropped(Dropped.Reason.UNREADABLE, "not a JPEG"));
            assertThat(contents.get(1)).isEqualTo(new Dropped(Dropped.Reason.UNREADABLE, "a damaged JPEG"));
            assertThat(contents.get(2))
                    .isInstanceOfSatisfying(
                            Dropped.class,
                            dropped -> assertThat(dropped.reason()).isEqualTo(Dropped.Reason.TOO_LARGE));
            assertThat(contents.get(3)).isInstanceOf(Faces.class);
        }
    }

    @Test
    void whatTheModelsFailOnIsNotThePicturesFault() throws IOException {
        BgrImage bright = SmallPack.picture(128, 128, 8, 8);
        ByteBuffer jpeg = jpeg(bright);
        ByteBuffer dark = jpeg(SmallPack.picture(128, 128));
        try (FacePipeline pipeline =
                open(new SmallPack(root).embedder(SmallPack.fragileEmbedder()).write())) {
            List<Image> images = List.of(new Image(dark, 128, 128, 128, 128), new Image(jpeg, 128, 128, 128, 128));
            assertThat(pipeline.examine(images.get(0))).isInstanceOf(Faces.class);
            assertThatThrownBy(() -> pipeline.examine(images))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasMessageStartingWith("small/embedder.onnx failed on an input of [1, 3, 128, 128]: ");
            Future<?> begun = pipeline.begin(frame(bright));
            assertThatThrownBy(() -> Lanes.result(begun)).isInstanceOf(PipelineFailedException.class);
        }
    }

    @Test
    void whatAClosedPipelineIsAskedForIsNotDropped() throws IOException {
        Image image = new Image(jpeg(SmallPack.picture(128, 128, 8, 8)), 128, 128, 128, 128);
        FacePipeline pipeline = open(new SmallPack(root).write());
        pipeline.close();
        assertThatThrownBy(() -> pipeline.examine(image)).isInstanceOf(PipelineFailedException.class);
    }

    private static AVFrame frame(BgrImage picture) {
        AVFrame frame = av_frame_alloc();
        frame.width(picture.width()).height(picture.height()).format(AV_PIX_FMT_BGR24);
        assertThat(av_frame_get_buffer(frame, 0)).isZero();
        BytePointer rows = frame.data(0);
        int row = picture.width() * 3;
        for (int y = 0; y < picture.height(); y++) {
            rows.position((long) y * frame.linesize(0)).put(picture.bgr().array(), y * row, row);
        }
        return frame;
    }

    private Usability usability(ModelPack pack) {
        try (FacePipeline pipeline = open(pack)) {
            List<Face> faces = pipeline.faces(SmallPack.picture(320, 240, 10, 12), 320, 240);
            assertThat(faces).hasSize(1);
            assertThat(faces.get(0).embedding()).isNull();
            return faces.get(0).usability();
        }
    }

    private FacePipeline open(ModelPack pack) {
        return FacePipeline.open(pack, store(), new PipelineSettings(2, Set.of()));
    }

    private ModelStore store() {
        return new ModelStore(List.of(root), root.resolve("download"));
    }

    /** Encodes with the product's own encoder, whose crops are of any size. */
    static ByteBuffer jpeg(BgrImage picture) throws IOException {
        try (CropEncoder encoder = new CropEncoder(picture.width(), picture.height())) {
            return encoder.encode(new Crop(picture.bgr().array(), picture.width(), picture.height()));
        }
    }

    private static int startOfFrame(byte[] jpeg) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                return i;
            }
        }
        throw new AssertionError("no start of frame");
    }
}
