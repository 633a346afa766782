package paseo.evaluation.methods;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import paseo.events.Template;
import paseo.matching.Cohort;
import paseo.matching.Similarity;
import paseo.tracking.TemplateParameters;

/**
 * Paseo's own way: the tracker's template, the matcher's similarity of sets, and what the cohort of next nearest people
 * says of the probe. Any part can be left out, to see what it is worth.
 */
public final class TemplateMethod implements Method<Template> {
    private final String key;
    private final TemplateParameters parameters;
    private final Optional<Cohort> cohort;

    /**
     * A way of comparing.
     *
     * @param key in reports
     * @param parameters of the templates
     * @param cohort empty to take similarities as they are
     */
    public TemplateMethod(String key, TemplateParameters parameters, Optional<Cohort> cohort) {
        this.key = key;
        this.parameters = parameters;
        this.cohort = cohort;
    }

    /** What the product does. */
    public static TemplateMethod ours(Cohort cohort) {
        return new TemplateMethod("ours", TemplateParameters.standard(), Optional.of(cohort));
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Template represent(FaceSequence sequence) {
        return sequence.template(parameters);
    }

    @Override
    public double similarity(Template probe, List<Template> person) {
        double centre = Similarity.ofCentres(
                List.of(probe.centre()), person.stream().map(Template::centre).toList());
        double prototype = Double.NEGATIVE_INFINITY;
        for (Template stored : person) {
            prototype =
                    Math.max(prototype, Similarity.ofPrototypes(probe, stored).orElse(prototype));
        }
        return Similarity.of(
                centre, Double.isInfinite(prototype) ? OptionalDouble.empty() : OptionalDouble.of(prototype));
    }

    @Override
    public double[] adjust(double[] similarities) {
        return cohort.isPresent() ? cohort.get().adjust(similarities, similarities.length) : similarities;
    }
}
