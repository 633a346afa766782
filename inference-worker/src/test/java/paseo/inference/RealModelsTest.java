package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.testing.Assets;

class RealModelsTest {
    private static final int PEOPLE = 30;
    private static final int PHOTOGRAPHS = 2;

    /** {@code -Dpaseo.golden.write=DIR} writes the files of new packs. */
    @ParameterizedTest
    @CsvSource({"retail", "insightface"})
    void theGoldenEmbeddingIsWhatTheModelsCompute(String name) throws IOException {
        ModelPack pack = ModelPack.load(name);
        try (FaceModels models = FaceModels.load(pack, assets(pack), Accelerator.cpu())) {
            Embedding computed = SelfTest.embedding(pack, models);
            String directory = System.getProperty("paseo.golden.write");
            if (directory != null) {
                Files.writeString(Path.of(directory, GoldenEmbedding.fileName(pack)), GoldenEmbedding.write(computed));
            }
            assertThat(GoldenEmbedding.of(pack))
                    .hasValueSatisfying(
                            golden -> assertThat(golden.similarity(computed)).isGreaterThan(0.99999));
        }
    }

    @ParameterizedTest
    @CsvSource({"retail, 0.434", "insightface, 0.392"})
    void photographsOfOnePersonAreMoreAlikeThanOfTwo(String name, double threshold) throws IOException {
        List<List<Embedding>> people = new ArrayList<>();
        try (FacePipeline pipeline = open(name)) {
            for (List<BgrImage> photographs : photographs()) {
                people.add(pipeline.faces(photographs).stream()
                        .map(RealModelsTest::central)
                        .flatMap(face -> Stream.ofNullable(face.embedding()))
                        .toList());
            }
        }
        int genuine = 0;
        int matched = 0;
        int wrong = 0;
        for (int i = 0; i < people.size(); i++) {
            for (int j = 0; j <= i; j++) {
                for (Embedding a : people.get(i)) {
                    for (Embedding b : people.get(j)) {
                        boolean alike = a.similarity(b) >= threshold;
                        if (i != j) {
                            wrong += alike ? 1 : 0;
                        } else if (!a.equals(b)) {
                            genuine++;
                            matched += alike ? 1 : 0;
                        }
                    }
                }
            }
        }
        // At the threshold of one false match in 10,000: 1,740 pairs of two people, nearly every pair of one.
        assertThat(genuine).isGreaterThanOrEqualTo(2 * (PEOPLE - 2));
        assertThat((double) matched / genuine).isGreaterThan(0.9);
        assertThat(wrong).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"retail", "insightface"})
    void findsEveryFaceOfASceneWhereItIs(String name) throws IOException {
        List<BgrImage> photographs =
                photographs().stream().map(list -> list.get(0)).limit(6).toList();
        BgrImage scene = mosaic(photographs, 3, 2);
        try (FacePipeline pipeline = open(name)) {
            List<Face> faces = pipeline.faces(scene, scene.width(), scene.height());
            for (int i = 0; i < 6; i++) {
                Face alone = central(pipeline.faces(photographs.get(i), 250, 250));
                float x = alone.box().centreX() + i % 3 * 250;
                float y = alone.box().centreY() + i / 3 * 250;
                Face here = faces.stream()
                        .min(Comparator.comparingDouble(face ->
                                Math.hypot(face.box().centreX() - x, face.box().centreY() - y)))
                        .orElseThrow();
                assertThat(here.box().centreX()).isEqualTo(x, within(8f));
                assertThat(here.box().width()).isEqualTo(alone.box().width(), within(12f));
            }
        }
    }

    @Test
    void aBatchOfFacesAgreesWithOneAtATime() throws IOException {
        ModelPack pack = ModelPack.load("retail");
        ModelStore store = assets(pack);
        Scratch scratch = new Scratch();
        try (FaceModels models = FaceModels.load(pack, store, Accelerator.cpu())) {
            List<Crop> crops = photographs().stream()
                    .limit(5)
                    .map(list -> Crop.of(list.get(0), Affine.ofBox(60, 60, 130, 130, 128), 128, 128))
                    .toList();
            List<float[]> together = models.embed(crops, scratch);
            for (int i = 0; i < crops.size(); i++) {
                float[] one = models.embed(List.of(crops.get(i)), scratch).get(0);
                Embedding alone = Embedding.normalised(one);
                Embedding among = Embedding.normalised(together.get(i));
                for (int value = 0; value < alone.dimension(); value++) {
                    assertThat(among.get(value)).isEqualTo(alone.get(value), within(1e-4f));
                }
            }
        }
    }

    @Test
    void aFaceThatFillsThePictureIsOneFace() throws IOException {
        try (FacePipeline pipeline = open("retail")) {
            for (List<BgrImage> person : photographs().subList(0, 10)) {
                Face face = central(pipeline.faces(person.get(0), 250, 250));
                float side = face.box().height() * 1.2f;
                Crop close = Crop.of(
                        person.get(0),
                        Affine.ofBox(face.box().centreX() - side / 2, face.box().centreY() - side / 2, side, side, 640),
                        640,
                        640);
                List<Face> faces = pipeline.faces(BgrImage.of(close.bgr(), 640, 640), 640, 640);
                // Somebody in the background is not the matter.
                assertThat(faces)
                        .filteredOn(found -> found.box().width() > 150)
                        .singleElement()
                        .matches(found -> found.box().width() > 300);
            }
        }
    }

    @Test
    void ourQualityOrdersDegradedFacesAsLightQNetDoes() throws IOException {
        Path model = Assets.require("models/retail/lightqnet-dm025.onnx");
        ModelPack.PixelFormat format = new ModelPack.PixelFormat(ModelPack.Channels.BGR, 128, 128);
        PixelPlanes planes = new PixelPlanes(format);
        double[] template = ModelPack.load("sface").embedder().template().stream()
                .mapToDouble(value -> value * 96 / 112)
                .toArray();
        try (FacePipeline pipeline = open("retail");
                OnnxModel lightQNet = OnnxModel.load(
                        "lightqnet", Files.readAllBytes(model), new long[] {-1, 3, 96, 96}, List.of(1L))) {
            int agreed = 0;
            int compared = 0;
            for (List<BgrImage> person : photographs().subList(0, 10)) {
                double[] ours = new double[2];
                double[] theirs = new double[2];
                for (int degraded = 0; degraded < 2; degraded++) {
                    BgrImage picture = degraded == 0 ? person.get(0) : coarse(person.get(0));
                    Face face = central(pipeline.faces(picture, 250, 250));
                    ours[degraded] = face.quality();
                    float[] points = face.landmarks().toArray();
                    double[] to = new double[10];
                    Arrays.setAll(to, i -> points[i]);
                    Crop crop = Crop.of(picture, Affine.similarity(template, to), 96, 96);
                    var input = OnnxModel.buffer(3 * 96 * 96);
                    planes.fill(crop, input, 0);
                    theirs[degraded] = lightQNet.run(input, 1, 3, 96, 96).get(0).get(0);
                }
                compared++;
                agreed += ours[0] > ours[1] == theirs[0] > theirs[1] ? 1 : 0;
            }
            assertThat(agreed).isEqualTo(compared);
        }
    }

    /** As if the picture had a fifth of its resolution. */
    private static BgrImage coarse(BgrImage picture) {
        Crop small = Crop.of(picture, Affine.ofBox(0, 0, 250, 250, 50), 50, 50);
        BgrImage image = BgrImage.of(small.bgr(), 50, 50);
        return BgrImage.of(
                Crop.of(image, Affine.ofBox(0, 0, 50, 50, 250), 250, 250).bgr(), 250, 250);
    }

    static FacePipeline open(String name) {
        ModelPack pack = ModelPack.load(name);
        return FacePipeline.open(pack, assets(pack), new PipelineSettings(2, Set.of("insightface")));
    }

    /** A store over the models that the tests were given. */
    private static ModelStore assets(ModelPack pack) {
        String directory = "models/" + pack.directory();
        pack.files().forEach(file -> Assets.require(directory + "/" + file.path()));
        Path root = Assets.require(directory).resolveSibling(".").normalize();
        return new ModelStore(List.of(root), root);
    }

    static Face central(List<Face> faces) {
        return faces.stream()
                .min(Comparator.comparingDouble(face ->
                        Math.hypot(face.box().centreX() - 125, face.box().centreY() - 125)))
                .orElseThrow();
    }

    private static BgrImage mosaic(List<BgrImage> pictures, int columns, int rows) {
        byte[] pixels = new byte[columns * rows * 250 * 250 * 3];
        for (int i = 0; i < pictures.size(); i++) {
            for (int y = 0; y < 250; y++) {
                int to = ((i / columns * 250 + y) * columns + i % columns) * 250 * 3;
                pictures.get(i).bgr().get(y * 250 * 3, pixels, to, 250 * 3);
            }
        }
        return BgrImage.of(pixels, columns * 250, rows * 250);
    }

    /** Two photographs each of the first people of whom there are two, by person. */
    static List<List<BgrImage>> photographs() throws IOException {
        Path tar = Assets.require("faces/photographs.tar");
        Map<String, List<BgrImage>> people = new TreeMap<>();
        try (InputStream archive = Files.newInputStream(tar)) {
            byte[] header = archive.readNBytes(512);
            while (header.length == 512 && header[0] != 0 && complete(people) < PEOPLE) {
                String name = new String(header, 0, 100, StandardCharsets.US_ASCII).trim();
                int size = Integer.parseInt(
                        new String(header, 124, 12, StandardCharsets.US_ASCII)
                                .replace("\0", "")
                                .trim(),
                        8);
                byte[] content = archive.readNBytes(size);
                archive.skipNBytes((512 - size % 512) % 512);
                if (name.endsWith(".jpg")) {
                    List<BgrImage> person =
                            people.computeIfAbsent(name.substring(0, name.indexOf('/')), key -> new ArrayList<>());
                    if (person.size() < PHOTOGRAPHS) {
                        person.add(BgrImage.ofJpeg(ByteBuffer.wrap(content)));
                    }
                }
                header = archive.readNBytes(512);
            }
        }
        return people.values().stream()
                .filter(person -> person.size() == PHOTOGRAPHS)
                .limit(PEOPLE)
                .toList();
    }

    private static long complete(Map<String, List<BgrImage>> people) {
        return people.values().stream()
                .filter(person -> person.size() == PHOTOGRAPHS)
                .count();
    }
}
