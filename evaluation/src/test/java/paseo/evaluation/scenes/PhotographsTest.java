package paseo.evaluation.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotographsTest {
    @TempDir
    private Path directory;

    private Path tar = Path.of("");

    @BeforeEach
    void path() {
        tar = directory.resolve("faces.tar");
    }

    private static List<String> read(Path tar) throws IOException {
        return Photographs.read(tar).stream()
                .map(photograph -> photograph.person() + "|" + photograph.name())
                .toList();
    }

    @Test
    void readsPeopleInOrderWhateverTheArchivesOrder() throws Exception {
        FaceArchive.of(tar, "b/01.jpg", "a/02.jpg", "README.md", "a/01.jpg");

        assertThat(read(tar)).containsExactly("a|01.jpg", "a|02.jpg", "b|01.jpg");
    }

    @Test
    void whereFoldersShareANameTheWholePathIsThePerson() throws Exception {
        FaceArchive.of(tar, "faces/p1/day1/a.jpg", "./faces/p2/day1/a.jpg", "faces/p3/b.jpg", "day1/c.jpg", "q//d.jpg");

        assertThat(read(tar))
                .containsExactly("day1|c.jpg", "faces/p1/day1|a.jpg", "faces/p2/day1|a.jpg", "p3|b.jpg", "q|d.jpg");
    }

    @Test
    void namesMayBeSpeltAsTheyAre() throws Exception {
        FaceArchive.of(tar, "José, \"Pepe\"/1.JPG", "Zoë#2/1.jpeg", "Zoë#2/2.Jpg");

        assertThat(read(tar)).containsExactly("José, \"Pepe\"|1.JPG", "Zoë#2|1.jpeg", "Zoë#2|2.Jpg");
    }

    @Test
    void whatIsNoPhotographIsLeftOutAndCounted() throws Exception {
        byte[] broken = Arrays.copyOf(Painted.photograph("p", "", 1, 32).jpeg().array(), 20);
        try (FaceArchive archive = new FaceArchive(tar)) {
            archive.photograph("a/01.jpg");
            archive.photograph("b/01.jpg");
            archive.photograph("alone.jpg");
            archive.photograph("a/._01.jpg");
            archive.photograph("a/.hidden.jpg");
            archive.photograph(".trash/02.jpg");
            archive.link("a/03.jpg", TarConstants.LF_SYMLINK, "01.jpg");
            archive.link("a/04.jpg", TarConstants.LF_LINK, "a/01.jpg");
            archive.file("a/05.jpg", new byte[0]);
            archive.file("a/06.jpg", "no picture".getBytes(StandardCharsets.UTF_8));
            archive.file("a/07.jpg", broken);
            archive.file("a/notes.txt", new byte[3]);
        }
        List<String> notes = new ArrayList<>();

        assertThat(Photographs.read(tar, notes::add))
                .extracting(Photographs.Photograph::person)
                .containsExactly("a", "b");
        assertThat(notes).singleElement().asString().startsWith("10 of 12 files in " + tar + " are left out");
    }

    @Test
    void ofPhotographsAloneNothingIsSaid() throws Exception {
        List<String> notes = new ArrayList<>();
        Photographs.read(FaceArchive.of(tar, "a/01.jpg", "b/01.jpg"), notes::add);

        assertThat(notes).isEmpty();
    }

    @Test
    void aNameThatNoTableCanHoldIsRefused() throws Exception {
        FaceArchive.of(tar, "a/01.jpg", "b\nc/01.jpg");

        assertThatThrownBy(() -> Photographs.read(tar))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(tar.toString())
                .hasMessageContaining("line break");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "faces/", "./", "./faces/all/"})
    void allInOneFolderAreNotOnePerson(String folder) throws Exception {
        FaceArchive.of(tar, folder + "Name_0001.jpg", folder + "Other_0001.jpg");

        assertThatThrownBy(() -> Photographs.read(tar))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(tar.toString())
                .hasMessageContaining("PERSON/PHOTOGRAPH.jpg");
    }

    @Test
    void saysWhatItWantsInsteadOfAnEmptyAnswer() throws Exception {
        Path text = Files.writeString(directory.resolve("faces.tar"), "");
        assertThatThrownBy(() -> Photographs.read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PERSON/PHOTOGRAPH.jpg");
    }
}
