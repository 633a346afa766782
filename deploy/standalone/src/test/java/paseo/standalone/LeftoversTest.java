package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final byte[] PICTURE = "a face".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path reports;

    @Test
    void whatIsNoReportDoesNotKeepReportsThatShowSomebody() throws IOException {
        Path folder = Files.createDirectory(reports.resolve("2026"));
        Path cutOff = Files.write(reports.resolve("cut-off.html"), new byte[] {(byte) 0xff});
        Path other = Files.writeString(reports.resolve("other.html"), "nobody");
        Path shows = Files.writeString(
                reports.resolve("shows.html"),
                "person 7 – " + Base64.getEncoder().encodeToString(PICTURE));

        assertThat(Leftovers.removeReports(reports, List.of())).isZero();
        assertThat(Leftovers.removeReports(reports, List.of(PICTURE))).isEqualTo(1);

        assertThat(shows).doesNotExist();
        assertThat(List.of(folder, cutOff, other))
                .allSatisfy(left -> assertThat(left).exists());
    }
}
