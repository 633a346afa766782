package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.testing.Assets;

class UnitReaderTest {
    @TempDir
    Path directory;

    /** A picture's number, and its time in microseconds. */
    private record Numbered(long number, long micros) {}

    @ParameterizedTest
    @ValueSource(strings = {"intel_reid_a", "tears_of_steel_10s", "short_hamilton_clip", "one-by-one-person-detection"})
    void unitsHaveTheNumbersAndTimesOfTheirPictures(String name) {
        Path file = Assets.require("videos/" + name + ".mp4");
        List<Numbered> decoded = new ArrayList<>();
        try (VideoFile video = VideoFile.open(file)) {
            for (DecodedFrame frame = video.next(); frame != null; frame = video.next()) {
                decoded.add(new Numbered(frame.number(), frame.captureTimeMicros()));
            }
        }
        List<Numbered> carried = new ArrayList<>();
        long settled = -1;
        try (VideoFile video = VideoFile.open(file)) {
            UnitReader reader = video.units(micros -> true).orElseThrow();
            long position = 0;
            for (UnitReader.Unit unit = reader.next(); unit != null; unit = reader.next()) {
                assertThat(unit.position()).isEqualTo(position++);
                assertThat(unit.extradata().hasRemaining()).isEqualTo(unit.key());
                carried.add(new Numbered(unit.number(), unit.captureTimeMicros()));
                settled = unit.settled();
            }
            video.unitsEnded(carried.size());
        }
        carried.sort(Comparator.comparingLong(Numbered::number));
        assertThat(carried).isEqualTo(decoded);
        assertThat(settled).isEqualTo(decoded.size() - 1L);
    }

    @Test
    void whatIsTurnedOrOfAnotherCodecIsNotCarriedUndecoded() {
        Path plain = Clips.moving(directory.resolve("plain.mp4"), 64, 48, 10, 5);
        Path turned = Clips.make(directory.resolve("turned.mp4"), "-display_rotation 90 -i " + plain + " -c copy");
        Path other = Clips.make(directory.resolve("other.mkv"), "-i " + plain + " -c:v ffv1");

        for (Path file : List.of(turned, other)) {
            try (VideoFile video = VideoFile.open(file)) {
                assertThat(video.units(micros -> true)).as(file.toString()).isEqualTo(Optional.empty());
            }
        }
    }
}
