package paseo.tracking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Template;

/**
 * What a sequence's usable faces have in common, in bounded memory: the best face of each tenth of a second, at most 48
 * of them, and the best of each view of the head. Neighbouring frames say the same thing again, so little is lost.
 *
 * <p>What is kept, and so the template, is a function of the set of faces, whatever their order: every choice here is
 * the first few of a total order, and a face that isn't among the first few of some faces won't be among those of more.
 *
 * <p>Robust to a wrong face: faces whose similarity to the common centre lies far below the median don't count, and the
 * centre is the quality-weighted mean of the others. Not thread-safe.
 */
public final class SequenceTemplate {
    private static final long BUCKET_MICROS = 100_000;
    private static final long DIVERSE_MICROS = 1_000_000;
    /** A prototype of another view is worth having unless it's much worse than the best face. */
    private static final double LEAST_QUALITY_OF_BEST = 0.5;

    private static final int NEAREST = 3;
    /** Faces that have nothing in common with each other tell nothing about others. */
    private static final double LEAST_WITHIN = 0.1;

    private final TemplateParameters parameters;
    private NavigableMap<Long, KeptFace> faces = new TreeMap<>();
    private int changes;

    /** A template of no face, as the tracker makes it. */
    public SequenceTemplate() {
        this(TemplateParameters.standard());
    }

    /** A template of no face. */
    public SequenceTemplate(TemplateParameters parameters) {
        this.parameters = parameters;
    }

    static SequenceTemplate of(Collection<KeptFace> kept) {
        SequenceTemplate template = new SequenceTemplate();
        kept.forEach(face -> template.faces.put(face.frame(), face));
        return template;
    }

    /**
     * Adds a face.
     *
     * @param frame number of its frame; a second face of one frame replaces the first
     * @param index its place in the frame
     * @param timeMicros capture time of the frame
     * @param face usable
     * @throws IllegalArgumentException if the face is not usable
     */
    public void add(long frame, int index, long timeMicros, Face face) {
        Embedding embedding = face.embedding();
        if (embedding == null) {
            throw new IllegalArgumentException("only a usable face may enter a template, not " + face.usability());
        }
        KeptFace added =
                new KeptFace(frame, index, timeMicros, face.quality(), face.pose(), embedding.toArray(), face.crop());
        add(added);
    }

    /** Adds what another template keeps, as if its faces had been added one by one. */
    void addAll(SequenceTemplate other) {
        other.faces.values().forEach(this::add);
    }

    private void add(KeptFace added) {
        if (worthKeeping(added)) {
            faces.put(added.frame(), added);
            forgetTheRest();
            changes++;
        }
    }

    /** Whether there is nothing to compare with yet. */
    public boolean isEmpty() {
        return faces.isEmpty();
    }

    /** Similarity of a unit vector to the three nearest kept faces, on average; 0 when there is none. */
    double similarity(float[] vector) {
        return nearest(similarities(vector));
    }

    /** The same over the faces of two templates. */
    double similarity(float[] vector, SequenceTemplate other) {
        return nearest(DoubleStream.concat(similarities(vector), other.similarities(vector)));
    }

    private DoubleStream similarities(float[] vector) {
        return faces.values().stream().mapToDouble(face -> Vectors.similarity(face.vector(), vector));
    }

    private static double nearest(DoubleStream similarities) {
        double[] sorted = similarities.sorted().toArray();
        return Arrays.stream(sorted, Math.max(0, sorted.length - NEAREST), sorted.length)
                .average()
                .orElse(0);
    }

    /**
     * Cosine between the persons behind two templates, without the noise of single faces: the mean similarity between
     * the faces of one and the other over what the faces of each show among themselves. About 1 for the same person.
     *
     * @param own what two faces of a person show, known from before; it counts like one more pair of faces
     */
    double agreement(SequenceTemplate other, double own) {
        double[] sum = sum();
        double[] others = other.sum();
        double between = Vectors.dot(sum, others) / ((double) faces.size() * other.faces.size());
        return between / Math.sqrt(within(sum, own) * other.within(others, own));
    }

    private double[] sum() {
        List<KeptFace> all = List.copyOf(faces.values());
        return Vectors.sum(all, all.get(0).vector().length, face -> 1);
    }

    /** Mean similarity of two faces; |sum|² holds every pair twice and every face with itself once. */
    private double within(double[] sum, double own) {
        double pairs = faces.size() * (faces.size() - 1) / 2.0;
        double similarities = (Vectors.dot(sum, sum) - faces.size()) / 2;
        return Math.max(LEAST_WITHIN, (similarities + own) / (pairs + 1));
    }

    /** Grows whenever other faces are kept than before. */
    int changes() {
        return changes;
    }

    /** What is kept, by frame. */
    Collection<KeptFace> faces() {
        return Collections.unmodifiableCollection(faces.values());
    }

    /** What stands for the faces; null while there is none. */
    public @Nullable Template template() {
        if (faces.isEmpty()) {
            return null;
        }
        List<KeptFace> agreeing = agreeing();
        int dimension = agreeing.get(0).vector().length;
        double[] sum = Vectors.sum(agreeing, dimension, parameters::weight);
        double weight = agreeing.stream().mapToDouble(parameters::weight).sum();
        return new Template(
                Embedding.normalised(Vectors.scaled(sum, 1 / weight)),
                weight,
                Math.min(1, Vectors.length(sum) / weight),
                agreeing.size(),
                prototypes(agreeing));
    }

    /** The faces without those far from all others. More than half of the faces always stay. */
    private List<KeptFace> agreeing() {
        List<KeptFace> all = List.copyOf(faces.values());
        // Every face has one vote here: a single one of high quality must not outvote the others.
        double[] sum = sum();
        double length = Vectors.length(sum);
        if (length < 1e-6) {
            return List.of(Collections.min(all, KeptFace.BEST_FIRST));
        }
        float[] centre = Vectors.scaled(sum, 1 / length);
        List<Double> similarities = all.stream()
                .map(face -> Vectors.similarity(face.vector(), centre))
                .toList();
        double median = similarities.stream().sorted().toList().get(all.size() / 2);
        List<KeptFace> agreeing = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (similarities.get(i) >= median - parameters.outlierLimit()) {
                agreeing.add(all.get(i));
            }
        }
        return agreeing;
    }

    private List<Template.Prototype> prototypes(List<KeptFace> faces) {
        List<KeptFace> shown = faces.stream()
                .filter(face -> face.crop() != null)
                .sorted(KeptFace.BEST_FIRST)
                .toList();
        Set<KeptFace> chosen = new LinkedHashSet<>();
        for (KeptFace face : bestOfEach(shown, KeptFace::view)) {
            if (face.quality() >= LEAST_QUALITY_OF_BEST * shown.get(0).quality()) {
                chosen.add(face);
            }
        }
        chosen.addAll(bestOfEach(shown, SequenceTemplate::second));
        return chosen.stream()
                .limit(parameters.mostPrototypes())
                .sorted(KeptFace.BEST_FIRST)
                .map(SequenceTemplate::prototype)
                .toList();
    }

    private static Template.Prototype prototype(KeptFace face) {
        if (face.crop() == null) {
            throw new IllegalStateException("a prototype without a crop: frame " + face.frame());
        }
        return new Template.Prototype(
                face.frame(),
                face.index(),
                face.timeMicros(),
                face.quality(),
                face.pose(),
                Embedding.normalised(face.vector()),
                face.crop());
    }

    /** Most faces of a long sequence are neither among the best nor the best of their view: they change nothing. */
    private boolean worthKeeping(KeptFace added) {
        boolean bestOfView = true;
        boolean bestOfBucket = true;
        Set<Long> betterBuckets = new HashSet<>();
        for (KeptFace face : faces.values()) {
            if (KeptFace.BEST_FIRST.compare(face, added) < 0) {
                bestOfView &= face.view() != added.view();
                bestOfBucket &= bucket(face) != bucket(added);
                betterBuckets.add(bucket(face));
            }
        }
        return bestOfView || (bestOfBucket && betterBuckets.size() < parameters.mostFaces());
    }

    private void forgetTheRest() {
        List<KeptFace> views = bestOfEach(faces.values(), KeptFace::view);
        List<KeptFace> seconds = bestOfEach(faces.values(), SequenceTemplate::second);
        Set<Long> shown = frames(views, parameters.mostPrototypes());
        shown.addAll(frames(seconds, parameters.mostPrototypes()));
        Set<Long> kept = frames(bestOfEach(faces.values(), SequenceTemplate::bucket), parameters.mostFaces());
        kept.addAll(shown);
        NavigableMap<Long, KeptFace> left = new TreeMap<>();
        for (KeptFace face : faces.values()) {
            if (kept.contains(face.frame())) {
                left.put(face.frame(), shown.contains(face.frame()) ? face : face.withoutCrop());
            }
        }
        faces = left;
    }

    private static Set<Long> frames(List<KeptFace> bestFirst, int most) {
        return bestFirst.stream().limit(most).map(KeptFace::frame).collect(Collectors.toSet());
    }

    /** The best face of each kind, best first. */
    private static <K> List<KeptFace> bestOfEach(Collection<KeptFace> faces, Function<KeptFace, K> kind) {
        Map<K, KeptFace> best = new HashMap<>();
        for (KeptFace face : faces) {
            best.merge(kind.apply(face), face, (a, b) -> KeptFace.BEST_FIRST.compare(a, b) <= 0 ? a : b);
        }
        return best.values().stream().sorted(KeptFace.BEST_FIRST).toList();
    }

    private static long bucket(KeptFace face) {
        return Math.floorDiv(face.timeMicros(), BUCKET_MICROS);
    }

    private static long second(KeptFace face) {
        return Math.floorDiv(face.timeMicros(), DIVERSE_MICROS);
    }
}
