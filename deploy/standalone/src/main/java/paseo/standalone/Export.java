package paseo.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import paseo.standalone.Findings.BestShot;
import paseo.standalone.Findings.FaceFound;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;

/**
 * Writes findings into a directory: {@code people}, {@code sightings} and {@code faces} as {@code .csv} and
 * {@code .jsonl}, the best shots as {@code crops/person-N/*.jpg}, and {@code report.html}. The same findings give the
 * same bytes.
 */
final class Export {
    private static final List<Column<PersonFound>> PEOPLE = List.of(
            Column.integer("person", PersonFound::number),
            Column.text("first_seen", person -> person.firstSeen().stamp()),
            Column.text("last_seen", person -> person.lastSeen().stamp()),
            Column.integer("sequences", PersonFound::sequences),
            Column.integer("faces", PersonFound::faces),
            Column.optionalDecimal("silhouette", 4, PersonFound::silhouette));

    private static final List<Column<SequenceFound>> SIGHTINGS = List.of(
            Column.text("sequence", sequence -> sequence.id().toString()),
            Column.person("person", SequenceFound::person),
            Column.text("source", SequenceFound::source),
            Column.integer("first_frame", SequenceFound::firstFrame),
            Column.integer("last_frame", SequenceFound::lastFrame),
            Column.decimal("start_s", 3, SequenceFound::startSeconds),
            Column.decimal("end_s", 3, SequenceFound::endSeconds),
            Column.integer("faces", SequenceFound::faces),
            Column.text("decision", sequence -> sequence.decision().name().toLowerCase(Locale.ROOT)),
            Column.optionalDecimal("similarity", 4, SequenceFound::similarity),
            Column.optionalDecimal("runner_up", 4, SequenceFound::runnerUp),
            Column.optionalDecimal("threshold", 4, SequenceFound::threshold));

    private static final List<Column<FaceFound>> FACES = List.of(
            Column.text("source", FaceFound::source),
            Column.integer("frame", FaceFound::frame),
            Column.decimal("time_s", 3, FaceFound::seconds),
            Column.decimal("x", 1, FaceFound::x),
            Column.decimal("y", 1, FaceFound::y),
            Column.decimal("w", 1, FaceFound::width),
            Column.decimal("h", 1, FaceFound::height),
            Column.decimal("score", 4, FaceFound::score),
            Column.decimal("yaw", 1, FaceFound::yaw),
            Column.decimal("pitch", 1, FaceFound::pitch),
            Column.decimal("roll", 1, FaceFound::roll),
            Column.decimal("quality", 4, FaceFound::quality),
            new Column<>("sequence", false, face -> face.sequence().map(UUID::toString)),
            Column.person("person", FaceFound::person));

    private Export() {}

    /** Hands every face of the run, in the order of sources and frames, to a consumer. */
    interface Faces {
        void forEach(Consumer<FaceFound> consumer);
    }

    /**
     * Writes everything; what an earlier export left there is replaced.
     *
     * @throws Refusal if the directory cannot be written
     */
    static void write(Path directory, Findings findings, Faces faces) {
        try {
            Files.createDirectories(directory);
            try (TableFile<PersonFound> people = new TableFile<>(directory, "people", PEOPLE)) {
                findings.people().forEach(people::write);
            }
            try (TableFile<SequenceFound> sightings = new TableFile<>(directory, "sightings", SIGHTINGS)) {
                findings.sequences().forEach(sightings::write);
            }
            try (TableFile<FaceFound> file = new TableFile<>(directory, "faces", FACES)) {
                faces.forEach(file::write);
            }
            writeCrops(directory.resolve("crops"), findings);
            Files.writeString(directory.resolve("report.html"), Report.of(findings));
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        } catch (UncheckedIOException e) {
            throw cannotWrite(directory, Objects.requireNonNull(e.getCause()));
        }
    }

    private static Refusal cannotWrite(Path directory, IOException cause) {
        return Refusal.failed(
                "cannot write the export " + directory + " (" + DataDirectory.reason(cause)
                        + "): what was found is stored; run the same command again with another --export",
                cause);
    }

    private static void writeCrops(Path crops, Findings findings) throws IOException {
        removeEarlier(crops);
        for (PersonFound person : findings.people()) {
            Path directory = Files.createDirectories(crops.resolve("person-" + person.number()));
            for (SequenceFound sequence : findings.sequencesOf(person.number())) {
                int rank = 0;
                for (BestShot shot : sequence.bestShots()) {
                    rank++;
                    String name = String.format(
                            Locale.ROOT,
                            "%s-%06d-%d-frame-%06d.jpg",
                            sequence.camera().replaceAll("[^A-Za-z0-9._-]", "_"),
                            sequence.firstFrame(),
                            rank,
                            shot.frame());
                    Files.write(directory.resolve(name), shot.bytes());
                }
            }
        }
    }

    /** Only what an export writes is removed: the directory may hold other things of the user's. */
    private static void removeEarlier(Path crops) throws IOException {
        if (!Files.isDirectory(crops)) {
            return;
        }
        try (DirectoryStream<Path> people = Files.newDirectoryStream(crops, "person-*")) {
            for (Path person : people) {
                try (DirectoryStream<Path> shots = Files.newDirectoryStream(person, "*-frame-*.jpg")) {
                    for (Path shot : shots) {
                        Files.delete(shot);
                    }
                } catch (NotDirectoryException e) {
                    throw new IOException(person + " is in the way", e);
                }
            }
        }
    }
}
