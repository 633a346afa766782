package paseo.matching.api;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the process is.
 *
 * @param meters of the services in it, if it runs any
 * @param live whether sightings arrive while they happen
 * @param photoSearch whether photographs may be searched with
 */
record SystemState(Optional<MeterRegistry> meters, boolean live, boolean photoSearch) {
    private static final String VERSION = "0.1.0";
    private static final String OURS = "paseo.";

    /** Adds it to what the database holds. */
    Map<String, @Nullable Object> now(Map<String, @Nullable Object> stored) {
        stored.put("version", VERSION);
        stored.put("live", live);
        stored.put("photoSearch", photoSearch);
        stored.put("meters", meters.map(SystemState::values).orElse(List.of()));
        return stored;
    }

    private static List<Map<String, @Nullable Object>> values(MeterRegistry registry) {
        List<Meter> ours = registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith(OURS))
                .sorted(Comparator.comparing((Meter meter) -> meter.getId().getName())
                        .thenComparing(meter -> tags(meter)))
                .toList();
        List<Map<String, @Nullable Object>> values = new ArrayList<>();
        for (Meter meter : ours) {
            for (Measurement measurement : meter.measure()) {
                boolean first =
                        measurement.getStatistic() == Statistic.COUNT || measurement.getStatistic() == Statistic.VALUE;
                if (first && Double.isFinite(measurement.getValue())) {
                    values.add(Json.object(
                            "name", meter.getId().getName(), "tags", tags(meter), "value", measurement.getValue()));
                }
            }
        }
        return values;
    }

    private static String tags(Meter meter) {
        return meter.getId().getTags().stream()
                .map(tag -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining(", "));
    }
}
