package paseo.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import paseo.matching.DatabaseSettings;
import paseo.operations.KafkaConnection;

/**
 * What a run is asked to do.
 *
 * @param inputs files, directories and addresses of videos, in order
 * @param data where everything is remembered
 * @param pack name of a model pack, or path of its manifest
 * @param acceptedLicences ids of the restricted licences that the user accepts
 * @param fps frames per second to look at, all when empty
 * @param threads that look at pictures, one per core when empty
 * @param annotate file or directory for copies of the videos with boxes
 * @param export directory for tables, crops and report
 * @param calibration of the model pack, the shipped one when empty
 * @param targetFpir share of strangers that may be taken for somebody, the calibration's when empty
 * @param kafka the user's own
 * @param postgres the user's own
 * @param pgvector for the embedded PostgreSQL
 * @param work how pictures get to the models
 */
record RunSettings(
        List<String> inputs,
        Path data,
        String pack,
        Set<String> acceptedLicences,
        OptionalDouble fps,
        OptionalInt threads,
        Optional<Path> annotate,
        Optional<Path> export,
        Optional<Path> calibration,
        OptionalDouble targetFpir,
        Optional<KafkaConnection> kafka,
        Optional<DatabaseSettings> postgres,
        Optional<Path> pgvector,
        Work work) {
    RunSettings {
        inputs = List.copyOf(inputs);
        acceptedLicences = Set.copyOf(acceptedLicences);
    }

    /** With the standard way of pictures to the models. */
    RunSettings(
            List<String> inputs,
            Path data,
            String pack,
            Set<String> acceptedLicences,
            OptionalDouble fps,
            OptionalInt threads,
            Optional<Path> annotate,
            Optional<Path> export,
            Optional<Path> calibration,
            OptionalDouble targetFpir,
            Optional<KafkaConnection> kafka,
            Optional<DatabaseSettings> postgres,
            Optional<Path> pgvector) {
        this(
                inputs,
                data,
                pack,
                acceptedLicences,
                fps,
                threads,
                annotate,
                export,
                calibration,
                targetFpir,
                kafka,
                postgres,
                pgvector,
                Work.standard());
    }

    /** The same with another way of pictures to the models. */
    RunSettings withWork(Work other) {
        return new RunSettings(
                inputs,
                data,
                pack,
                acceptedLicences,
                fps,
                threads,
                annotate,
                export,
                calibration,
                targetFpir,
                kafka,
                postgres,
                pgvector,
                other);
    }

    /** The permissive pack on every frame with embedded servers, and no output but the report. */
    static RunSettings of(List<String> inputs, Path data) {
        return of(inputs, data, Optional.empty(), Optional.empty());
    }

    /**
     * The same.
     *
     * @param postgres the user's own, in place of the embedded one
     * @param pgvector for the embedded PostgreSQL
     */
    static RunSettings of(
            List<String> inputs, Path data, Optional<DatabaseSettings> postgres, Optional<Path> pgvector) {
        return new RunSettings(
                inputs,
                data,
                "retail",
                Set.of(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                postgres,
                pgvector);
    }
}
