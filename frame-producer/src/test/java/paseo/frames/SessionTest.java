package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTest {
    private static final ProducerSettings SETTINGS = ProducerSettings.of("localhost:9092");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "clip.mp4, clip",
        "My Holiday (1).MOV, my-holiday-1",
        "Año_Nuevo.mkv, ano-nuevo",
        "人.mp4, video",
        ".mp4, mp4",
        "a.b.c.ts, a-b-c",
        "abcdefghijklmnopqrstuvwxyz0123456789-12345678.mp4, abcdefghijklmnopqrstuvwxyz0123456789-123"
    })
    void namesACameraAfterTheFile(String fileName, String slug) {
        assertThat(Session.slug(fileName)).isEqualTo(slug);
    }

    /** SHA-256 of "abc", from FIPS 180-2. */
    @Test
    void namesACameraAfterTheContent() throws IOException {
        Path file = Files.writeString(directory.resolve("Clip.mp4"), "abc");

        assertThat(Session.camera(file)).isEqualTo("clip-ba7816bf");
    }

    @Test
    void theEpochStandsForTheSettingsThatShapeTheResult() {
        long epoch = Session.epoch(SETTINGS);

        // Another value would make every video that was ever read new.
        assertThat(epoch).isEqualTo(159546666307745L).isBetween(0L, (1L << 48) - 1);
        assertThat(Session.epoch(SETTINGS.withMaxLag(7).withPartitions(9).withPartition(2)))
                .isEqualTo(epoch);
        assertThat(Stream.of(
                                SETTINGS.withFps(5),
                                SETTINGS.withMaxSide(1280),
                                SETTINGS.withJpegQuality(80),
                                SETTINGS.withSettingsTag("retail@1"))
                        .map(Session::epoch))
                .doesNotContain(epoch)
                .doesNotHaveDuplicates();
    }
}
