package paseo.matching;

/**
 * A verdict, and what it was found with.
 *
 * @param verdict what was found
 * @param gallerySize persons whom the sequence was compared with
 * @param calibration version of the thresholds, empty when nothing was compared
 * @param offset what the {@link Cohort} took off the similarity to the nearest person
 */
record Judgement(Verdict verdict, long gallerySize, String calibration, double offset) {
    /** The same with another verdict. */
    Judgement with(Verdict other) {
        return new Judgement(other, gallerySize, calibration, offset);
    }
}
