package paseo.evaluation.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.evaluation.scenes.Photographs.Photograph;

class ScenesTest {
    private static final List<Photograph> PEOPLE = Painted.people(8, 3);
    private static final SceneSettings SMALL = Preset.EASY
            .settings(4)
            .withPeople(5, 3)
            .withVideos(2)
            .withInView(3, 4)
            .withSeconds(new Range(2, 3));

    @TempDir
    private Path directory;

    private SceneSet write(String name, List<Photograph> photographs) throws IOException {
        return Scenes.write(photographs, SMALL, directory.resolve(name), (video, done, all) -> {});
    }

    @Test
    void isAFunctionOfPhotographsAndSettings() throws Exception {
        List<Photograph> backwards = new ArrayList<>(PEOPLE);
        Collections.reverse(backwards);
        SceneSet first = write("a", PEOPLE);
        SceneSet again = write("b", backwards);
        assertThat(first.videos()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            SceneSet.Video one = first.videos().get(i);
            SceneSet.Video other = again.videos().get(i);
            assertThat(other.truth()).isEqualTo(one.truth());
            assertThat(other.truthFile()).hasSameBinaryContentAs(one.truthFile());
            assertThat(other.file()).hasSameBinaryContentAs(one.file());
        }
    }

    @Test
    void theTruthIsInsideThePictureAndInTheFileBesideIt() throws Exception {
        SceneSet set = write("a", PEOPLE);
        assertThat(set.people()).isEqualTo(5);
        assertThat(set.returns()).isEqualTo(3);
        for (SceneSet.Video video : set.videos()) {
            assertThat(video.truth()).isNotEmpty().allSatisfy(row -> {
                assertThat(new FaceBox(row.x(), row.y(), row.width(), row.height())
                                .inside(SMALL.width(), SMALL.height()))
                        .isTrue();
                assertThat(row.visible()).isBetween(0.0, 1.0);
                assertThat(row.frame()).isBetween(0L, video.frames() - 1);
                assertThat(row.timeSeconds()).isEqualTo(row.frame() / SMALL.framesPerSecond());
                assertThat(row.video()).isEqualTo(video.file().getFileName().toString());
            });
            List<Truth> read = Truth.read(video.truthFile());
            assertThat(read).hasSameSizeAs(video.truth());
            assertThat(read.get(0).x()).isCloseTo(video.truth().get(0).x(), offset(0.006));
            assertThat(read)
                    .extracting(Truth::track)
                    .isEqualTo(video.truth().stream().map(Truth::track).toList());
        }
        assertThat(set.videos().stream().flatMap(video -> video.truth().stream()))
                .anyMatch(row -> row.visible() == 1)
                .anyMatch(row -> row.visible() < 0.5);
    }

    @Test
    void photographsThatCannotBeDrawnAreLeftOut() {
        List<Photograph> some = new ArrayList<>(PEOPLE);
        Photograph whole = PEOPLE.get(0);
        byte[] bytes = whole.jpeg().array();
        some.set(0, new Photograph(whole.person(), "cut.jpg", ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length / 2))));
        some.set(4, Painted.photograph("p001", "tiny.jpg", 1, 8));

        assertThat(Scenes.drawable(some, SMALL.withVideos(3).withPeople(8, 16)))
                .hasSize(22)
                .extracting(Photograph::name)
                .doesNotContain("cut.jpg", "tiny.jpg");
        assertThat(Scenes.drawable(some.subList(0, 1), SMALL)).isEmpty();
    }

    @Test
    void aTruthGivesBackEveryNameOfOneLine() throws Exception {
        Path csv = directory.resolve("t.csv");
        List<Truth> rows = new ArrayList<>();
        for (String name : List.of("Doe, John", "\"", "a \"b\", c", ",", "\"\",\"\"", "#1", "plain", "")) {
            rows.add(new Truth("a.mp4", 3, 0.24, 1, name, name + ".jpg", 1, 2, 3, 4, 0.5));
        }
        Truth.write(csv, rows);

        assertThat(Truth.read(csv)).isEqualTo(rows);
        assertThat(csv)
                .content()
                .contains(
                        "a.mp4,3,0.240,1,\"Doe, John\",\"Doe, John.jpg\",1.00",
                        ",\"a \"\"b\"\", c\",",
                        ",1,plain,plain.jpg,");
        assertThatThrownBy(() ->
                        Truth.write(csv, List.of(new Truth("a.mp4", 3, 0.24, 1, "a\nb", "1.jpg", 1, 2, 3, 4, 0.5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line break");
    }

    @Test
    void saysWhichLineOfATruthIsBroken() throws Exception {
        Path csv = directory.resolve("t.csv");
        Truth.write(csv, List.of(new Truth("a.mp4", 3, 0.24, 1, "p1", "01.jpg", 1, 2, 3, 4, 0.5)));
        assertThat(Truth.read(csv)).hasSize(1);
        Files.writeString(csv, Files.readString(csv) + "a.mp4,1,2\n");
        assertThatThrownBy(() -> Truth.read(csv))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 3");
        Files.writeString(csv, "x\n");
        assertThatThrownBy(() -> Truth.read(csv))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("begin with");
    }
}
