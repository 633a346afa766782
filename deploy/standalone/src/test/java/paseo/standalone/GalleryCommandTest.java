package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import paseo.matching.GalleryStats;
import paseo.matching.GalleryStats.State;

class GalleryCommandTest {
    @Test
    void saysWhereTemplatesLieAndWhetherTheyAreFound() {
        Instant then = Instant.parse("2026-11-02T08:00:00.123Z");
        GalleryStats stats = new GalleryStats(List.of(new GalleryStats.Pack(
                "retail@1",
                256,
                1_234,
                40_010,
                List.of(
                        new GalleryStats.Partition(
                                "template_1_0", Optional.of(then), 40_000, 30L << 20, 50L << 20, State.INDEXED),
                        new GalleryStats.Partition("template_1_8192", Optional.empty(), 10, 1L << 19, 0, State.OPEN)),
                Optional.of(new GalleryStats.Audit(then, 24, 0.9917, 2.04, 17.3)))));
        assertThat(GalleryCommand.describe(stats)).isEqualTo("""
                retail@1: 1,234 persons, 40,010 templates of 256 numbers
                PARTITION        SINCE                 TEMPLATES  SIZE      INDEX     STATE
                template_1_0     2026-11-02T08:00:00Z  40,000     30.0 MiB  50.0 MiB  indexed
                template_1_8192  –                     10         0.5 MiB   –         open
                recall 0.992 of the ten nearest (24 looked up, 2026-11-02T08:00:00Z); a search 2.0 ms, everything 17.3 ms
                """);
    }

    @Test
    void anEmptyGalleryIsSaidToBeEmpty() {
        assertThat(GalleryCommand.describe(new GalleryStats(List.of()))).isEqualTo("the gallery is empty\n");
    }
}
