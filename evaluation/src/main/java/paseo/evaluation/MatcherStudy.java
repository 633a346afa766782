package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import paseo.embedded.EmbeddedPostgres;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.search.PerturbedFaces;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.matching.DatabaseSettings;

/** Galleries of made-up people like those of photographs, in a PostgreSQL of its own. */
final class MatcherStudy {
    private static final List<Long> QUICK = List.of(50_000L);
    private static final int QUICK_PHOTOGRAPHS = 400;
    private static final double INSERT_SECONDS = 10;
    private static final double QUICK_INSERT_SECONDS = 3;

    private final Path faces;
    private final PackOptions packs;
    private final Path directory;
    private final BenchNumbers numbers;

    /**
     * @param faces tar file of photographs
     * @param directory for the database
     */
    MatcherStudy(Path faces, PackOptions packs, Path directory, BenchNumbers numbers) {
        this.faces = faces;
        this.packs = packs;
        this.directory = directory;
        this.numbers = numbers;
    }

    /** @param sizes templates in the galleries, the smallest first */
    void full(List<Long> sizes) throws IOException, InterruptedException {
        measure(people(Photographs.read(faces)), INSERT_SECONDS, true, sizes);
    }

    /** One gallery, just large enough to be searched as a large one is. */
    void quick() throws IOException, InterruptedException {
        List<Photograph> all = Photographs.read(faces);
        List<Photograph> some = all.subList(0, Math.min(QUICK_PHOTOGRAPHS, all.size()));
        measure(people(some), QUICK_INSERT_SECONDS, false, QUICK);
    }

    private void measure(PerturbedFaces people, double insertSeconds, boolean indexes, List<Long> sizes)
            throws IOException, InterruptedException {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")))) {
            numbers.state("versions.postgresql", version(postgres));
            numbers.state("versions.pgvector", postgres.pgvectorVersion());
            DatabaseSettings settings = new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
            new SearchStudy(people, numbers, insertSeconds, indexes).run(settings, sizes);
        }
    }

    private static String version(EmbeddedPostgres postgres) throws IOException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IOException("the database does not say its version", e);
        }
    }

    private PerturbedFaces people(List<Photograph> photographs) throws IOException {
        ModelPack pack = CentralFaces.ungated(packs.load());
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors())) {
            CentralFaces found = CentralFaces.of(photographs, pipeline);
            return new PerturbedFaces(found.embeddings(), found.personOf());
        }
    }
}
