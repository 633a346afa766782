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
        /** The same, and a person may go on here, but not surely: a face must tell. */
        VAGUE,
        /** The face looks like the track's. */
        ALIKE,
        /** It may or may not. */
        UNSURE,
        /** It is in the right place and certainly someone else's. */
        CONTRADICTED
    }

    /**
     * Largest cost of position alone: a good prediction may be off by more than three deviations, one after a second
     * without a look by less than two. Dear enough to let a track go rather than give it a neighbour's face.
     */
    static final double LIMIT = 14;

    /** The same for a look-alike, after an occlusion. */
    private static final double LIMIT_ALIKE = 28;

    /** A known person lost for longer than this is only found again by appearance, or at the very same place. */
    private static final long BLIND_MICROS = 300_000;

    private static final double SAME_PLACE = 0.5;
    /**
     * Overlap with the prediction by which a face that cannot be compared joins a person, or a recognisable one a track
     * that never was: at a cut in a film somebody else stands near where the first stood (.46 and .35 in the Hamilton
     * clip). Two that nobody can recognise may be joined more freely: they become nobody.
     */
    private static final double CONTINUOUS = 0.5;
    /** The same for a track of few faces, whose speed is hardly known. */
    private static final double CONTINUOUS_YOUNG = 0.3;

    private static final int YOUNG = 6;
    /** A weak detection is often not a face: it must be where the face should be. */
    private static final double WEAK_IOU = 0.3;
    /** Largest change of size between two looks: of a detector, and more with time. */
    private static final double SIZE_CHANGE = 1.6;

    private static final double SIZE_CHANGE_PER_SECOND = 1.0;
    /** A face that shows so much of what the track's own do looks like it. */
    static final double ALIKE_SHARE = 0.75;

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
        double cost = predicted.distance(candidate.box()) + predicted.vagueness();
        float[] vector = candidate.vector();
        if (vector == null || track.template.isEmpty()) {
            return cost <= LIMIT ? unseen(track, predicted, candidate, cost) : null;
        }
        if (cost > LIMIT_ALIKE) {
            return null;
        }
        double own = track.state.ownSimilarity;
        double similarity = track.similarity(vector);
        double apparent = cost + APPEARANCE_COST * (own - similarity);
        if (similarity < contradiction * own) {
            return cost <= LIMIT ? new Link(apparent, Kind.CONTRADICTED) : null;
        }
        boolean alike = similarity >= ALIKE_SHARE * own;
        return cost <= LIMIT || alike ? new Link(apparent, alike ? Kind.ALIKE : Kind.UNSURE) : null;
    }

    private static @Nullable Link unseen(Track track, Motion predicted, Candidate candidate, double cost) {
        if (reachable(track, predicted, candidate) && !track.contradicted()) {
            return new Link(cost, Kind.UNSEEN);
        }
        boolean tellable = track.state.confirmed && !track.template.isEmpty();
        return tellable && candidate.confident() ? new Link(cost, Kind.VAGUE) : null;
    }

    private static boolean reachable(Track track, Motion predicted, Candidate candidate) {
        double overlap = predicted.box().iou(candidate.box());
        if (!candidate.confident()) {
            return overlap >= WEAK_IOU;
        }
        boolean known = !track.template.isEmpty();
        boolean usable = candidate.vector() != null;
        double continuous = track.state.faceCount < YOUNG ? CONTINUOUS_YOUNG : CONTINUOUS;
        if (known != usable && track.state.confirmed && overlap < continuous) {
            return false;
        }
        long gap = predicted.timeMicros() - track.motion().timeMicros();
        return !known || gap <= BLIND_MICROS || track.motion().box().iou(candidate.box()) >= SAME_PLACE;
    }

    private static boolean sizesFit(Motion last, Candidate candidate, long gap) {
        double change = Math.abs(Math.log(Math.sqrt(Math.max(candidate.box().area(), 1)))
                - last.logSize().value());
        return change <= Math.log(SIZE_CHANGE + SIZE_CHANGE_PER_SECOND * gap / 1e6);
    }
}
