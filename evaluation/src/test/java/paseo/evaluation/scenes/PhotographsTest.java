package paseo.evaluation.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotographsTest {
    @TempDir
    private Path directory;

    @Test
    void readsPeopleInOrderWhateverTheArchivesOrder() throws Exception {
        Path tar = directory.resolve("faces.tar");
        try (var archive = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            for (String name : new String[] {"b/01.jpg", "a/02.jpg", "README.md", "a/01.jpg"}) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(3);
                archive.putArchiveEntry(entry);
                archive.write(new byte[3]);
                archive.closeArchiveEntry();
            }
        }
        assertThat(Photographs.read(tar))
                .extracting(photograph -> photograph.person() + "/" + photograph.name())
                .containsExactly("a/01.jpg", "a/02.jpg", "b/01.jpg");
    }

    @Test
    void saysWhatItWantsInsteadOfAnEmptyAnswer() throws Exception {
        Path text = Files.writeString(directory.resolve("faces.tar"), "");
        assertThatThrownBy(() -> Photographs.read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PERSON/PHOTOGRAPH.jpg");
    }
}
