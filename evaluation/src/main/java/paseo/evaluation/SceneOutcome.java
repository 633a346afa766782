package paseo.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.FaceSequence.UsableFace;
import paseo.evaluation.scenes.Truth;
import paseo.evaluation.scoring.Bootstrap.Outcome;
import paseo.evaluation.scoring.FrameBoxes;
import paseo.evaluation.scoring.FrameBoxes.Predicted;
import paseo.evaluation.scoring.SameFrame;
import paseo.evaluation.scoring.SequenceVerdict;
import paseo.evaluation.scoring.TimeToIdentify.Appearance;
import paseo.evaluation.scoring.TrackingCounts;
import paseo.evaluation.scoring.TrackingCounts.TrackTruth;
import paseo.events.Box;
import paseo.events.Decision;
import paseo.matching.FaceRow;
import paseo.matching.SightingRow;

/**
 * What a run of the product saw of scenes, put beside the truth. Pure.
 *
 * <p>Tracking is judged by appearances: who leaves and comes back is a new one, for the tracker; whether it is the same
 * person is judged by sequences. A face that is mostly hidden or too small to ask for is neither missed nor wrong; a
 * sequence of such faces is judged all the same once it is usable, for then it may be given anybody's number.
 */
final class SceneOutcome {
    /** Below this width, in pixels, a face need not be found: the smallest usable one is a third wider. */
    private static final double SMALLEST = 24;

    private static final double HALF_VISIBLE = 0.5;

    /** Between the starts of two videos: longer than any of them. */
    private static final double VIDEO_SECONDS = 1e6;

    private static final String OF = "#";

    private final Box picture;
    private final Map<String, Integer> order = new HashMap<>();
    private final Map<UUID, SightingRow> sightings = new HashMap<>();
    private final Map<UUID, List<FaceRow>> faces = new TreeMap<>();
    private final Set<String> appearances = new HashSet<>();
    private TrackingCounts tracking;

    /**
     * Puts them side by side.
     *
     * @param truth by video, in the order played
     * @param picture all of it: true boxes end at its edges, and so must those that are compared with them
     */
    SceneOutcome(List<List<Truth>> truth, ProductRun run, Box picture) {
        this.picture = picture;
        run.sightings().forEach(sighting -> sightings.put(sighting.sequence(), sighting));
        Map<String, Map<Long, List<FaceRow>>> found = new HashMap<>();
        for (FaceRow face : run.faces()) {
            found.computeIfAbsent(face.source(), source -> new HashMap<>())
                    .computeIfAbsent(face.frame(), frame -> new ArrayList<>())
                    .add(face);
            face.sequence()
                    .ifPresent(sequence -> faces.computeIfAbsent(sequence, id -> new ArrayList<>())
                            .add(face));
        }
        tracking = TrackingCounts.of(List.of());
        for (List<Truth> video : truth) {
            if (!video.isEmpty()) {
                String name = video.get(0).video();
                order.put(name, order.size());
                tracking = tracking.plus(TrackingCounts.of(frames(video, found.getOrDefault(name, Map.of()))));
            }
        }
    }

    private List<FrameBoxes> frames(List<Truth> truth, Map<Long, List<FaceRow>> found) {
        Map<Long, List<FrameBoxes.Truth>> byFrame = new TreeMap<>();
        found.keySet().forEach(frame -> byFrame.put(frame, new ArrayList<>()));
        for (Truth row : truth) {
            boolean counted = row.visible() >= HALF_VISIBLE && row.width() >= SMALLEST;
            String appearance = row.person() + OF + row.track();
            if (counted) {
                appearances.add(appearance);
            }
            byFrame.computeIfAbsent(row.frame(), frame -> new ArrayList<>())
                    .add(new FrameBoxes.Truth(
                            appearance,
                            new Box((float) row.x(), (float) row.y(), (float) row.width(), (float) row.height()),
                            counted ? FrameBoxes.Role.COUNTED : FrameBoxes.Role.NEUTRAL));
        }
        List<FrameBoxes> frames = new ArrayList<>();
        byFrame.forEach((frame, boxes) ->
                frames.add(new FrameBoxes(boxes, predicted(found.getOrDefault(frame, List.of())))));
        return frames;
    }

    private List<Predicted> predicted(List<FaceRow> faces) {
        List<Predicted> predicted = new ArrayList<>();
        for (FaceRow face : faces) {
            face.sequence()
                    .ifPresent(sequence -> predicted.add(new Predicted(sequence.toString(), inside(face.box()))));
        }
        return predicted;
    }

    private Box inside(Box box) {
        float left = Math.max(box.x(), picture.x());
        float top = Math.max(box.y(), picture.y());
        float right = Math.min(box.x() + box.width(), picture.x() + picture.width());
        float bottom = Math.min(box.y() + box.height(), picture.y() + picture.height());
        return new Box(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    }

    /** How appearances were followed; its units are appearances, {@code PERSON#TRACK}. */
    TrackingCounts tracking() {
        return tracking;
    }

    /** The same by persons, who are what is resampled. */
    TrackingCounts trackingByPerson() {
        return tracking.by(unit -> unit.contains(OF) ? person(unit) : unit);
    }

    /** The person of an appearance; a name may hold the sign as well, a track does not. */
    static String person(String appearance) {
        return appearance.substring(0, appearance.lastIndexOf(OF));
    }

    /** Every appearance with a face that had to be found. */
    Set<String> appearances() {
        return Set.copyOf(appearances);
    }

    /** Appearances of which a sequence has a usable face. */
    Set<String> covered() {
        Set<String> covered = new HashSet<>();
        tracking.tracks().forEach((track, truth) -> {
            SightingRow sighting = sightings.get(UUID.fromString(track));
            if (truth.person() != null && sighting != null && sighting.usableFaces() > 0) {
                covered.add(truth.person());
            }
        });
        return covered;
    }

    /** Whose each sequence is by now, but of those that are of faces that need not be found, and not usable. */
    List<SequenceVerdict> verdicts() {
        return verdicts(SightingRow::person);
    }

    /**
     * The same, but who was undecided when the sequence ended stays so: what became known later identified nobody. Who
     * was named has the number that this one leads to by now, as the gallery has.
     */
    List<SequenceVerdict> decisions() {
        return verdicts(sighting -> sighting.decidedPerson().isPresent() ? sighting.person() : OptionalLong.empty());
    }

    private List<SequenceVerdict> verdicts(Function<SightingRow, OptionalLong> decided) {
        List<SequenceVerdict> verdicts = new ArrayList<>();
        tracking.tracks().forEach((track, truth) -> {
            SightingRow sighting = sightings.get(UUID.fromString(track));
            if (sighting != null && (sighting.decision() != Decision.UNUSABLE || truth.neutral() <= truth.matched())) {
                verdicts.add(verdict(sighting, truth, decided.apply(sighting)));
            }
        });
        return verdicts;
    }

    /**
     * The first usable sequence of each appearance. The others are what a tracker broke off: of the same photograph,
     * seconds later, which is not to come back.
     */
    Set<String> beginnings() {
        Map<String, SightingRow> first = new TreeMap<>();
        tracking.tracks().forEach((track, truth) -> {
            SightingRow sighting = sightings.get(UUID.fromString(track));
            if (truth.person() != null && sighting != null && sighting.decision() != Decision.UNUSABLE) {
                first.merge(
                        truth.person(), sighting, (one, other) -> one.endSeconds() <= other.endSeconds() ? one : other);
            }
        });
        Set<String> beginnings = new HashSet<>();
        first.values().forEach(sighting -> beginnings.add(sighting.sequence().toString()));
        return beginnings;
    }

    private SequenceVerdict verdict(SightingRow sighting, TrackTruth truth, OptionalLong decided) {
        return new SequenceVerdict(
                sighting.sequence().toString(),
                truth.person() == null ? null : person(truth.person()),
                truth.purity(),
                sighting.decision() != Decision.UNUSABLE,
                number(decided),
                time(sighting.source(), sighting.endSeconds()),
                sighting.camera(),
                sighting.faces());
    }

    private static @Nullable String number(OptionalLong person) {
        return person.isPresent() ? Long.toString(person.getAsLong()) : null;
    }

    private double time(String video, double seconds) {
        return order.getOrDefault(video, order.size()) * VIDEO_SECONDS + seconds;
    }

    /** Of each sequence whose final decision named a person, whether it was revised afterwards. */
    List<Outcome> revisions() {
        List<Outcome> revisions = new ArrayList<>();
        for (SequenceVerdict verdict : verdicts()) {
            SightingRow sighting = Objects.requireNonNull(sightings.get(UUID.fromString(verdict.id())));
            if (sighting.decidedPerson().isPresent()) {
                revisions.add(
                        new Outcome(verdict.unit(), !sighting.decidedPerson().equals(sighting.person())));
            }
        }
        return revisions;
    }

    /** Sequences whose truth is known, with their usable faces, in the order in which they ended. */
    List<FaceSequence> sequences() {
        List<SightingRow> ordered = sightings.values().stream()
                .filter(sighting -> sighting.usableFaces() > 0)
                .sorted(Comparator.comparingDouble(
                                (SightingRow sighting) -> time(sighting.source(), sighting.endSeconds()))
                        .thenComparing(SightingRow::sequence))
                .toList();
        List<FaceSequence> sequences = new ArrayList<>();
        for (SightingRow sighting : ordered) {
            TrackTruth truth = tracking.tracks().get(sighting.sequence().toString());
            List<UsableFace> usable = usable(sighting.sequence());
            if (truth != null && truth.person() != null && !usable.isEmpty()) {
                sequences.add(new FaceSequence(sighting.sequence().toString(), person(truth.person()), usable));
            }
        }
        return sequences;
    }

    private List<UsableFace> usable(UUID sequence) {
        List<UsableFace> usable = new ArrayList<>();
        for (FaceRow face : faces.getOrDefault(sequence, List.of())) {
            face.embedding()
                    .ifPresent(embedding -> usable.add(new UsableFace(
                            face.frame(),
                            Math.round(face.timeSeconds() * 1e6),
                            face.quality(),
                            face.pose(),
                            embedding)));
        }
        return usable;
    }

    /** Every face that was given a person. */
    List<SameFrame.Shown> shown() {
        List<SameFrame.Shown> shown = new ArrayList<>();
        for (List<FaceRow> sequence : faces.values()) {
            for (FaceRow face : sequence) {
                face.person()
                        .ifPresent(person -> shown.add(new SameFrame.Shown(
                                face.camera() + "/" + face.epoch(), face.frame(), Long.toString(person))));
            }
        }
        return shown;
    }

    /**
     * How soon each appearance was known. What was undecided at its end and adopted later was not.
     *
     * @param owners whose each person number is
     */
    List<Appearance> identifications(Map<String, String> owners) {
        Map<String, Double> firstUsable = new TreeMap<>();
        Map<String, Double> right = new HashMap<>();
        tracking.tracks().forEach((track, truth) -> {
            SightingRow sighting = sightings.get(UUID.fromString(track));
            List<FaceRow> usable = faces.getOrDefault(UUID.fromString(track), List.of()).stream()
                    .filter(face -> face.embedding().isPresent())
                    .toList();
            if (truth.person() == null || sighting == null || usable.isEmpty()) {
                return;
            }
            firstUsable.merge(truth.person(), usable.get(0).timeSeconds(), Math::min);
            String number = number(sighting.person());
            OptionalDouble identified = sighting.identifiedSeconds();
            boolean own = Optional.ofNullable(number)
                    .map(owners::get)
                    .filter(person(truth.person())::equals)
                    .isPresent();
            if (own && identified.isPresent() && sighting.decidedPerson().isPresent()) {
                right.merge(truth.person(), identified.getAsDouble(), Math::min);
            }
        });
        List<Appearance> appearances = new ArrayList<>();
        firstUsable.forEach((appearance, first) -> {
            Double when = right.get(appearance);
            appearances.add(new Appearance(
                    person(appearance), first, when == null ? OptionalDouble.empty() : OptionalDouble.of(when)));
        });
        return appearances;
    }
}
