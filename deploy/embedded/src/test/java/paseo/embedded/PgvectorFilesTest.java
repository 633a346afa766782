package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgvectorFilesTest {
    @TempDir
    Path directory;

    @Test
    void findsThemAsABuildLeavesThem() throws Exception {
        write("vector.so", "library");
        write("vector.control", "comment = 'vector'\ndefault_version = '0.8.0'\n");
        write("sql/vector.sql", "");
        write("sql/vector--0.8.0.sql", "");
        write("sql/vector--0.7.4--0.8.0.sql", "");
        PgvectorFiles files = PgvectorFiles.in(directory).orElseThrow();
        assertThat(files.version()).isEqualTo("0.8.0");
        assertThat(files.scripts())
                .extracting(script -> script.getFileName().toString())
                .containsExactly("vector--0.7.4--0.8.0.sql", "vector--0.8.0.sql");
    }

    @Test
    void findsThemInTwoDirectoriesAsAPackageLeavesThem() throws Exception {
        write("lib/vector.so", "library");
        write("share/extension/vector.control", "default_version = '0.10.1'");
        write("share/extension/vector--0.10.1.sql", "");
        assertThat(PgvectorFiles.in(directory.resolve("lib"), directory.resolve("share/extension")))
                .hasValueSatisfying(files -> assertThat(files.version()).isEqualTo("0.10.1"));
        assertThat(PgvectorFiles.in(directory.resolve("lib"))).isEmpty();
    }

    @Test
    void missesTheScriptOfTheVersion() throws Exception {
        write("vector.so", "library");
        write("vector.control", "default_version = '0.8.0'");
        write("vector--0.8.1.sql", "");
        assertThat(PgvectorFiles.in(directory)).isEmpty();
    }

    @Test
    void refusesAnOldVersion() throws Exception {
        write("vector.so", "library");
        write("vector.control", "default_version = '0.7.4'");
        assertThatThrownBy(() -> PgvectorFiles.in(directory))
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("is pgvector 0.7.4; Paseo needs 0.8 or later");
    }

    @Test
    void tellsTwoLibrariesOfOneVersionApart() throws Exception {
        write("vector.so", "library");
        write("vector.control", "default_version = '0.8.0'");
        write("vector--0.8.0.sql", "");
        String first = PgvectorFiles.in(directory).orElseThrow().fingerprint();
        write("vector.so", "another");
        String second = PgvectorFiles.in(directory).orElseThrow().fingerprint();
        assertThat(first).startsWith("0.8.0-").isNotEqualTo(second);
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(directory.resolve(file).getParent());
        Files.writeString(file, content);
    }
}
