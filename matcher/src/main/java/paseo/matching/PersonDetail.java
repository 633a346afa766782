package paseo.matching;

import java.util.List;

/**
 * A person and everywhere it was seen.
 *
 * @param summary at a glance
 * @param sightings in the order of sessions and frames
 */
public record PersonDetail(PersonSummary summary, List<SightingRow> sightings) {
    public PersonDetail {
        sightings = List.copyOf(sightings);
    }
}
