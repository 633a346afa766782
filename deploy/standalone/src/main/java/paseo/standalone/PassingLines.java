package paseo.standalone;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import paseo.events.Decision;
import paseo.events.Sighting;

/**
 * People as lines while they pass: one when it is said who somebody is, another one when that changes, and one when
 * they have left. Nobody is said of those whom nobody could tell. A function of its input.
 */
final class PassingLines {
    private static final int MOST_REMEMBERED = 10_000;

    private final DateTimeFormatter clock;
    private final Map<UUID, Long> said = new HashMap<>();

    /** @param zone that times are given in */
    PassingLines(ZoneId zone) {
        clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** What is to be said about a sighting, if anything. */
    Optional<String> line(Sighting sighting) {
        long before = said.getOrDefault(sighting.sequenceId(), 0L);
        if (sighting.provisional()) {
            if (sighting.person() == 0 || sighting.person() == before) {
                return Optional.empty();
            }
            if (said.size() >= MOST_REMEMBERED) {
                said.clear();
            }
            said.put(sighting.sequenceId(), sighting.person());
            double at = sighting.identifiedSeconds().orElse(sighting.endSeconds());
            return Optional.of(text(at, sighting, before == 0 ? "" : "  not person " + before));
        }
        said.remove(sighting.sequenceId());
        if (sighting.person() == 0) {
            return before == 0
                    ? Optional.empty()
                    : Optional.of(head(sighting.endSeconds(), sighting) + "nobody after all, not person " + before);
        }
        String gone = String.format(
                Locale.ROOT,
                "  gone after %.0f s, %s",
                Math.max(0, sighting.endSeconds() - sighting.startSeconds()),
                Progress.counted(sighting.faceCount(), "face", "faces"));
        return Optional.of(text(sighting.endSeconds(), sighting, gone));
    }

    private String text(double seconds, Sighting sighting, String rest) {
        String how = sighting.decision() == Decision.NEW
                ? "new"
                : "seen before"
                        + (sighting.similarity().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        ", similarity %.2f",
                                        sighting.similarity().getAsDouble())
                                : "");
        return head(seconds, sighting) + "person " + sighting.person() + "  " + how + rest;
    }

    private String head(double seconds, Sighting sighting) {
        return clock.format(Instant.ofEpochMilli(Math.round(seconds * 1000))) + "  " + sighting.camera() + "  ";
    }
}
