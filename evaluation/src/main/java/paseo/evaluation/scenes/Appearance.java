package paseo.evaluation.scenes;

import paseo.evaluation.scenes.Photographs.Photograph;

/**
 * One coming and going of one person.
 *
 * @param track number, from 1 in the order of video and time
 * @param video number of the file, from 0
 * @param photograph of the person
 * @param flaw why nobody could recognise it, if so
 * @param walk where it goes
 * @param start seconds from the video's start
 */
record Appearance(int track, int video, Photograph photograph, Flaw flaw, Walk walk, double start) {
    double end() {
        return start + walk.seconds();
    }
}
