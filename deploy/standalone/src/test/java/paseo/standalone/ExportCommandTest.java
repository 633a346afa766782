package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private static final byte[] TABLE = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void theTableIsInTheFileOrOnStandardOutput() {
        Path file = directory.resolve("table.csv");
        ExportCommand.write(file.toString(), stream(printed), ExportCommandTest::table);
        assertThat(file).hasBinaryContent(TABLE);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
        assertThat(printed.size()).isZero();

        ExportCommand.write("-", stream(printed), ExportCommandTest::table);
        assertThat(printed.toByteArray()).isEqualTo(TABLE);
    }

    @Test
    void aLinkStaysOneAndADirectoryIsNotReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("table.csv"), "of yesterday");
        Path link = Files.createSymbolicLink(directory.resolve("latest.csv"), file);
        ExportCommand.write(link.toString(), stream(printed), ExportCommandTest::table);
        assertThat(link).isSymbolicLink();
        assertThat(file).hasBinaryContent(TABLE);

        Path folder = Files.createDirectory(directory.resolve("folder.csv"));
        assertThatThrownBy(() -> ExportCommand.write(folder.toString(), stream(printed), ExportCommandTest::table))
                .isInstanceOf(Refusal.class)
                .hasMessage(folder + " is a directory: name a file in it");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDeviceIsWrittenToAndNotReplaced() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("null.csv"), Path.of("/dev/null"));
        ExportCommand.write(link.toString(), stream(printed), ExportCommandTest::table);
        assertThat(link).isSymbolicLink();
        assertThat(Files.isRegularFile(link)).isFalse();
    }

    @Test
    void standardOutputThatTakesNothingIsAFailure() {
        PrintStream full = stream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        assertThatThrownBy(() -> ExportCommand.write("-", full, ExportCommandTest::table))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("standard output cannot be written");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithTheReason() {
        Path file = directory.resolve("none/table.csv");
        assertThatThrownBy(() -> ExportCommand.write(file.toString(), stream(printed), ExportCommandTest::table))
                .isInstanceOf(Refusal.class)
                .hasMessage(file + " cannot be written (no such file or directory): choose another place");

        Path broken = directory.resolve("table.csv");
        assertThatThrownBy(() -> ExportCommand.write(broken.toString(), stream(printed), out -> {
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("(No space left on device)");
        assertThat(directory).isEmptyDirectory();
    }

    private static void table(OutputStream out) {
        try {
            out.write(TABLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrintStream stream(OutputStream to) {
        return new PrintStream(to, false, StandardCharsets.UTF_8);
    }
}
