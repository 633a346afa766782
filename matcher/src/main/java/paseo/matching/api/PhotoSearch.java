package paseo.matching.api;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;
import paseo.matching.ApiDatabase;
import paseo.matching.Likenesses;
import paseo.matching.MatchThresholds;
import paseo.matching.api.PhotoFaces.PhotoFace;
import paseo.matching.api.PhotoFaces.UnusablePhotoException;

/** Who a photograph may show. The picture is looked at and not kept; that somebody looked is written down first. */
final class PhotoSearch {
    private static final int CANDIDATES = 12;

    private final ApiDatabase database;
    private final Optional<PhotoFaces> faces;

    /** @param faces what finds them; without, nobody can search */
    PhotoSearch(ApiDatabase database, Optional<PhotoFaces> faces) {
        this.database = database;
        this.faces = faces;
    }

    boolean possible() {
        return faces.isPresent();
    }

    Answer search(Call call) {
        PhotoFaces finder = faces.orElseThrow(
                () -> new Problem(501, "this process does not search by photograph: start it with --photo-search"));
        List<PhotoFace> found;
        try {
            found = finder.find(call.picture());
        } catch (UnusablePhotoException e) {
            database.audit().append(call.actor(), "search", "a photograph", "refused: " + e.getMessage());
            throw new Problem(422, String.valueOf(e.getMessage()));
        }
        Embedding probe = found.stream()
                .max(Comparator.comparingDouble(PhotoFace::area))
                .orElseThrow(() -> new Problem(422, "the photograph shows no usable face"))
                .embedding();
        Likenesses.Likeness likeness = database.likenesses().like(probe, finder.modelPack(), CANDIDATES);
        MatchThresholds thresholds = finder.thresholds().at(likeness.persons());
        List<Map<String, @Nullable Object>> candidates = likeness.candidates().stream()
                .map(row -> judged(row, thresholds))
                .toList();
        database.audit()
                .append(
                        call.actor(),
                        "search",
                        "a photograph",
                        "looked at persons "
                                + candidates.stream()
                                        .map(row -> row.get("person"))
                                        .toList());
        return Answer.json(Json.object(
                "faces", found.size(),
                "threshold", thresholds.weak(),
                "possible", thresholds.create(),
                "gallerySize", likeness.persons(),
                "candidates", candidates));
    }

    /** One face is few: it must reach what a sequence of few faces must. */
    private static Map<String, @Nullable Object> judged(Map<String, @Nullable Object> row, MatchThresholds thresholds) {
        double similarity = row.get("similarity") instanceof Number number ? number.doubleValue() : -1;
        String meaning =
                similarity >= thresholds.weak() ? "same" : similarity >= thresholds.create() ? "possible" : "unlikely";
        return Json.object(
                "person",
                row.get("person"),
                "similarity",
                similarity,
                "meaning",
                meaning,
                "sequence",
                row.get("sequence"));
    }
}
