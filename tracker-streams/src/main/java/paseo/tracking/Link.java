package paseo.tracking;

import org.jspecify.annotations.Nullable;

/**
 * What speaks for and against a detection being the next face of a track.
 *
 * @param cost the less the likelier: twice the negative logarithm of the likelihood, up to a constant
 * @param kind what appearance says
 */
record Link(double cost, Kind kind) {
    enum Kind {
        /** One of the two has no usable face: position alone speaks. */
        UNSEEN,
        /** The face looks like the track's. */
        ALIKE,
        /** It may or may not. */
        UNSURE,
        /** It is in the right place and certainly someone else's. */
        CONTRADICTED
    }

    /** Of the distribution of {@link Motion#distance}, and room for people who do not move like the model. */
    private static final double GATE = 20;

    /** A look-alike in reach of the track, after an occlusion. */
    private static final double GATE_ALIKE = 40;

    /** A known person lost for longer than this is only found again by appearance, or at the very same place. */
    private static final long BLIND_MICROS = 300_000;

    private static final double SAME_PLACE = 0.5;
    /** A weak detection is often not a face: it must be where the face should be. */
    private static final double WEAK_IOU = 0.3;
    /** Largest change of size between two looks: of a detector, and more with time. */
    private static final double SIZE_CHANGE = 1.6;

    private static final double SIZE_CHANGE_PER_SECOND = 1.0;
    private static final double ALIKE_SHARE = 0.75;
    /** Converts similarity into the scale of the cost: 0.25 less is as unlikely as a step of nearly two deviations. */
    private static final double APPEARANCE_COST = 12;

    boolean possible() {
        return kind != Kind.CONTRADICTED;
    }

    /** Null when the detection is out of the track's reach. */
    static @Nullable Link between(Track track, Motion predicted, Candidate candidate, double contradiction) {
        long gap = predicted.timeMicros() - track.motion().timeMicros();
        if (!sizesFit(track.motion(), candidate, gap)) {
            return null;
        }
        double distance = predicted.distance(candidate.box());
        double cost = distance + predicted.vagueness();
        float[] vector = candidate.vector();
        if (vector == null || track.template.isEmpty()) {
            return reachable(track, predicted, candidate, gap, distance) ? new Link(cost, Kind.UNSEEN) : null;
        }
        if (distance > GATE_ALIKE) {
            return null;
        }
        double own = track.state.ownSimilarity;
        double similarity = track.template.similarity(vector);
        cost += APPEARANCE_COST * (own - similarity);
        if (similarity < contradiction * own) {
            return distance <= GATE ? new Link(cost, Kind.CONTRADICTED) : null;
        }
        boolean alike = similarity >= ALIKE_SHARE * own;
        return distance <= GATE || alike ? new Link(cost, alike ? Kind.ALIKE : Kind.UNSURE) : null;
    }

    private static boolean reachable(Track track, Motion predicted, Candidate candidate, long gap, double distance) {
        if (!candidate.confident()) {
            return distance <= GATE && predicted.box().iou(candidate.box()) >= WEAK_IOU;
        }
        if (!track.template.isEmpty() && gap > BLIND_MICROS) {
            return track.motion().box().iou(candidate.box()) >= SAME_PLACE;
        }
        return distance <= GATE;
    }

    private static boolean sizesFit(Motion last, Candidate candidate, long gap) {
        double change = Math.abs(Math.log(Math.sqrt(Math.max(candidate.box().area(), 1)))
                - last.logSize().value());
        return change <= Math.log(SIZE_CHANGE + SIZE_CHANGE_PER_SECOND * gap / 1e6);
    }
}
