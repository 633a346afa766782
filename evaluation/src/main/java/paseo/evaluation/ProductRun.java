package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedPostgres;
import paseo.matching.Archive;
import paseo.matching.DatabaseSettings;
import paseo.matching.FaceRow;
import paseo.matching.SessionFilter;
import paseo.matching.SightingRow;

/**
 * What the whole product made of some videos: {@code paseo run}, as a user types it, and then its database.
 *
 * @param faces in the order of videos and frames
 * @param sightings every decided sequence, in the order of videos and frames
 */
record ProductRun(List<FaceRow> faces, List<SightingRow> sightings) {
    ProductRun {
        faces = List.copyOf(faces);
        sightings = List.copyOf(sightings);
    }

    /**
     * Runs the product on videos, one after the other.
     *
     * @param options of {@code paseo run}
     * @param data an empty directory
     */
    static ProductRun of(List<Path> videos, List<String> options, Path data) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("run", "--listen", "off"));
        videos.forEach(video -> arguments.add(video.toString()));
        arguments.addAll(List.of("--data", data.toString()));
        arguments.addAll(options);
        Process process = new ProcessBuilder(ChildJvm.command("paseo.standalone.Main", arguments))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException("paseo " + String.join(" ", arguments) + " ended with " + exitCode);
        }
        return read(data.resolve("database"));
    }

    /** What an earlier run left in a database directory that nobody uses. */
    static ProductRun read(Path database) throws IOException {
        EmbeddedPostgres.Options options = new EmbeddedPostgres.Options(
                database, EmbeddedPostgres.defaultInstallDirectory(), Optional.empty(), note -> {});
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options);
                Archive archive =
                        Archive.open(new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password()))) {
            List<FaceRow> faces = new ArrayList<>();
            archive.faces(SessionFilter.all(), faces::add);
            return new ProductRun(faces, archive.sightings(SessionFilter.all()));
        } catch (EmbeddedFailure e) {
            throw new IOException("cannot read what the run stored: " + e.getMessage(), e);
        }
    }
}
