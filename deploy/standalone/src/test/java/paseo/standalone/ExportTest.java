package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.standalone.Findings.FaceFound;

class ExportTest {
    private static final List<FaceFound> FACES =
            List.of(Rows.face(12, Optional.of(Rows.FIRST), 2), Rows.face(80, Optional.empty(), 0));

    @TempDir
    Path directory;

    @Test
    void peopleAreRowsByNumber() throws IOException {
        write(directory);
        assertThat(directory.resolve("people.csv")).hasContent("""
                person,first_seen,last_seen,sequences,faces,silhouette
                1,old.mp4@61.250,"a ""b"", <c>.mp4@9.960",3,44,0.6123
                2,"a ""b"", <c>.mp4@1.000","a ""b"", <c>.mp4@2.500",1,18,
                """);
        assertThat(directory.resolve("people.jsonl")).hasContent("""
                {"person":1,"first_seen":"old.mp4@61.250","last_seen":"a \\"b\\", <c>.mp4@9.960","sequences":3,"faces":44,\
                "silhouette":0.6123}
                {"person":2,"first_seen":"a \\"b\\", <c>.mp4@1.000","last_seen":"a \\"b\\", <c>.mp4@2.500","sequences":1,\
                "faces":18,"silhouette":null}
                """);
    }

    @Test
    void sightingsHaveFixedDecimalsAndNoNegativeZero() throws IOException {
        write(directory);
        assertThat(Files.readString(directory.resolve("sightings.csv"))).isEqualTo("""
                sequence,person,source,first_frame,last_frame,start_s,end_s,faces,decision,similarity,runner_up,threshold
                00000000-0000-5000-8000-000000000001,2,"a ""b"", <c>.mp4",12,30,1.000,2.500,18,new,,,
                00000000-0000-5000-8000-000000000002,1,"a ""b"", <c>.mp4",60,75,5.000,6.250,14,recognised,0.7000,0.0000,0.3500
                00000000-0000-5000-8000-000000000003,,"a ""b"", <c>.mp4",80,82,6.667,6.833,1,unusable,,,
                """);
    }

    @Test
    void facesOfNobodyHaveNoSequence() throws IOException {
        write(directory);
        assertThat(Files.readString(directory.resolve("faces.csv"))).isEqualTo("""
                source,frame,time_s,x,y,w,h,score,yaw,pitch,roll,quality,sequence,person
                "a ""b"", <c>.mp4",12,1.000,10.0,20.1,31.3,40.0,0.9877,-1.0,2.0,0.0,0.5000,00000000-0000-5000-8000-000000000001,2
                "a ""b"", <c>.mp4",80,6.667,10.0,20.1,31.3,40.0,0.9877,-1.0,2.0,0.0,0.5000,,
                """);
    }

    @Test
    void theSameFindingsAreTheSameBytes() throws IOException {
        write(directory.resolve("one"));
        write(directory.resolve("two"));
        List<Path> files = files(directory.resolve("one"));
        assertThat(files)
                .extracting(Path::toString)
                .containsExactly(
                        "crops/person-1/a-12345678-000060-1-frame-000060.jpg",
                        "crops/person-2/a-12345678-000012-1-frame-000012.jpg",
                        "faces.csv",
                        "faces.jsonl",
                        "people.csv",
                        "people.jsonl",
                        "report.html",
                        "sightings.csv",
                        "sightings.jsonl");
        for (Path file : files) {
            assertThat(directory.resolve("two").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("one").resolve(file));
        }
    }

    @Test
    void anEarlierExportIsReplacedAndOtherFilesStay() throws IOException {
        Path person = Files.createDirectories(directory.resolve("crops/person-1"));
        Files.writeString(person.resolve("old-000001-1-frame-000001.jpg"), "old");
        Files.writeString(person.resolve("mine.txt"), "mine");
        write(directory);
        assertThat(person.resolve("old-000001-1-frame-000001.jpg")).doesNotExist();
        assertThat(person.resolve("mine.txt")).exists();
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> write(file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--export");
    }

    private static void write(Path directory) {
        Export.write(directory, Rows.findings(), FACES::forEach);
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }
}
