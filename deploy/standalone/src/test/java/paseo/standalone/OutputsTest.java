package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
    @TempDir
    Path parent;

    @Test
    void makesDirectoriesAndLeavesNothingInThem() throws IOException {
        Path export = parent.resolve("a/export");
        Path copies = parent.resolve("b/copies");
        Outputs.check(asked("video.mp4", Optional.of(copies), Optional.of(export)));
        assertThat(export).isEmptyDirectory();
        assertThat(copies).isEmptyDirectory();

        Path copy = parent.resolve("c/copy.mp4");
        Outputs.check(asked("video.mp4", Optional.of(copy), Optional.empty()));
        assertThat(copy.getParent()).isEmptyDirectory();
    }

    @Test
    void namesWhatCannotBeWritten() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> Outputs.check(asked("video.mp4", Optional.empty(), Optional.of(file))))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot write --export " + file + " (a file is in its place): choose another");
        Path below = file.resolve("copy.mp4");
        assertThatThrownBy(() -> Outputs.check(asked("video.mp4", Optional.of(below), Optional.empty())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cannot write --annotate " + below);
    }

    @Test
    void aCopyDoesNotReplaceItsVideo() throws IOException {
        Path video = Files.writeString(parent.resolve("video.mp4"), "precious");
        for (Path target : List.of(video, Files.createSymbolicLink(parent.resolve("link.mp4"), video))) {
            assertThatThrownBy(() -> Outputs.check(asked(video.toString(), Optional.of(target), Optional.empty())))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("would replace the video");
        }
        Outputs.check(asked(video.toString(), Optional.of(parent.resolve("other.mp4")), Optional.empty()));
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void aCopyDoesNotLieAmongTheVideosOfADirectory() throws IOException {
        Path videos = Files.createDirectory(parent.resolve("videos"));
        Path video = Files.writeString(videos.resolve("entrance.mp4"), "precious");
        for (Path target : List.of(videos, video, videos.resolve("copy.mp4"))) {
            assertThatThrownBy(() -> Outputs.check(asked(videos.toString(), Optional.of(target), Optional.empty())))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("lies among the videos of " + videos);
        }
        Outputs.check(asked(videos.toString(), Optional.of(videos.resolve("copies")), Optional.empty()));
        Outputs.check(asked(video.toString(), Optional.of(videos.resolve("copy.mp4")), Optional.empty()));
    }

    @Test
    void copiesOfSeveralVideosNeedADirectory() throws IOException {
        Path file = Files.writeString(parent.resolve("out.mp4"), "of an earlier run");
        Path videos = Files.createDirectory(parent.resolve("videos"));
        for (List<String> inputs : List.of(List.of("a.mp4", "b.mp4"), List.of(videos.toString()))) {
            assertThatThrownBy(() -> Outputs.check(asked(inputs, Optional.of(file), Optional.empty())))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("--annotate " + file + " is a file");
        }
        Outputs.check(asked("a.mp4", Optional.of(file), Optional.empty()));
        Outputs.check(asked(List.of("a.mp4", "b.mp4"), Optional.of(parent.resolve("new.mp4")), Optional.empty()));
        assertThat(file).hasContent("of an earlier run");
    }

    private RunSettings asked(String input, Optional<Path> annotate, Optional<Path> export) {
        return asked(List.of(input), annotate, export);
    }

    private RunSettings asked(List<String> inputs, Optional<Path> annotate, Optional<Path> export) {
        return new RunSettings(
                inputs,
                parent,
                "retail",
                Set.of(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                annotate,
                export,
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
