package paseo.matching;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** Calibrations as JSON. What it does not know is an error: a misspelt key must not be a default. */
final class CalibrationFile {
    private static final String SHIPPED = "calibrations/";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CalibrationFile() {}

    /** See {@link Calibration#read}. */
    static Calibration read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new CalibrationException("cannot read the calibration " + file + ": " + e, e);
        }
    }

    /** See {@link Calibration#shipped}. */
    static Optional<Calibration> shipped(String pack) {
        String name = pack.substring(0, pack.indexOf('@') < 0 ? pack.length() : pack.indexOf('@'));
        if (!name.matches("[a-z0-9_-]+")) {
            return Optional.empty();
        }
        String resource = SHIPPED + name + ".json";
        try (InputStream stream = CalibrationFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                return Optional.empty();
            }
            Calibration calibration = parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8), resource);
            return Optional.of(calibration).filter(found -> found.pack().equals(pack));
        } catch (IOException e) {
            throw new CalibrationException("cannot read the shipped calibration " + resource, e);
        }
    }

    /** See {@link Calibration#write}. */
    static void write(Calibration calibration, Path file) {
        try {
            String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(calibration);
            Files.writeString(file, json.replace("\r\n", "\n") + "\n");
        } catch (IOException e) {
            throw new CalibrationException("cannot write the calibration " + file + ": " + e, e);
        }
    }

    /** @param where to name in an error */
    private static Calibration parse(String json, String where) {
        try {
            return MAPPER.readValue(json, Calibration.class);
        } catch (JsonMappingException e) {
            String place = e.getPath().stream()
                    .map(part -> String.valueOf(part.getFieldName()))
                    .collect(Collectors.joining(" > "));
            Throwable reason = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
            String message = reason == e ? e.getOriginalMessage() : reason.getMessage();
            throw new CalibrationException(
                    "the calibration " + where + " is wrong" + (place.isEmpty() ? "" : " at " + place) + ": " + message,
                    e);
        } catch (JsonProcessingException e) {
            throw new CalibrationException("the calibration " + where + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
