package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Landmarks;

class CropEmbedderTest {
    /** What two packs make of one face: its stored picture, and what the other pack sees in the photograph itself. */
    private record Seen(ByteBuffer stored, Embedding direct) {}

    @ParameterizedTest
    @CsvSource({"retail, insightface, true", "insightface, retail, true", "retail, insightface, false"})
    void aPictureAlignedForOnePackIsEnoughForAnother(String from, String to, boolean alignmentKnown)
            throws IOException {
        Optional<Landmarks> alignment =
                alignmentKnown ? Optional.of(CropEmbedder.alignment(ModelPack.load(from))) : Optional.empty();
        double similarity = 0;
        int found = 0;
        int faces = 0;
        List<List<Seen>> people = seen(from, to);
        try (FacePipeline pipeline = RealModelsTest.open(to)) {
            CropEmbedder embedder = new CropEmbedder(pipeline);
            for (List<Seen> person : people) {
                for (int i = 0; i < 2; i++) {
                    Embedding embedding = embedder.embedding(person.get(i).stored(), alignment)
                            .orElseThrow();
                    similarity += embedding.similarity(person.get(i).direct());
                    faces++;
                    Embedding otherPhotograph = person.get(1 - i).direct();
                    found += nearest(embedding, people, 1 - i).equals(otherPhotograph) ? 1 : 0;
                }
            }
        }
        assertThat(faces).isGreaterThanOrEqualTo(50);
        assertThat(similarity / faces).isGreaterThan(0.93);
        assertThat((double) found / faces).isGreaterThan(0.95);
    }

    private static Embedding nearest(Embedding embedding, List<List<Seen>> people, int photograph) {
        return people.stream()
                .map(person -> person.get(photograph).direct())
                .max((a, b) -> Double.compare(embedding.similarity(a), embedding.similarity(b)))
                .orElseThrow();
    }

    private static List<List<Seen>> seen(String from, String to) throws IOException {
        List<List<Seen>> people = new ArrayList<>();
        try (FacePipeline one = RealModelsTest.open(from);
                FacePipeline other = RealModelsTest.open(to)) {
            for (List<BgrImage> photographs : RealModelsTest.photographs()) {
                List<Seen> person = new ArrayList<>();
                for (BgrImage photograph : photographs) {
                    Face stored = RealModelsTest.central(one.faces(photograph, 250, 250));
                    Face direct = RealModelsTest.central(other.faces(photograph, 250, 250));
                    if (stored.usable() && direct.usable()) {
                        person.add(new Seen(
                                Objects.requireNonNull(stored.crop()), Objects.requireNonNull(direct.embedding())));
                    }
                }
                if (person.size() == 2) {
                    people.add(person);
                }
            }
        }
        return people;
    }

    @Test
    void whatIsNoPictureOrShowsNobodyHasNoEmbedding() {
        ByteBuffer empty = ByteBuffer.allocate(10);
        try (FacePipeline pipeline = RealModelsTest.open("retail");
                CropEncoder encoder = new CropEncoder(128, 128)) {
            CropEmbedder embedder = new CropEmbedder(pipeline);
            ByteBuffer grey = encoder.encode(new Crop(new byte[128 * 128 * 3], 128, 128));
            assertThat(embedder.embedding(empty, Optional.empty())).isEmpty();
            assertThat(embedder.embedding(grey, Optional.empty())).isEmpty();
        }
    }
}
