package paseo.evaluation.scenes;

/**
 * What a set of videos shows; made from a {@link Preset} and changed where a test wants less.
 *
 * @param name of the videos' files: {@code street-1.mp4}
 * @param seed the same photographs, settings and seed give the same set
 * @param width pixels of the picture, even
 * @param height pixels of the picture, even
 * @param framesPerSecond of the videos
 * @param videos number of files: cameras, or visits of one
 * @param people how many different ones
 * @param returns how many times one of them comes back
 * @param faceWidth pixels from the farthest to the nearest face
 * @param fewestInView people in view at a time, at least, but at a video's ends
 * @param mostInView people in view at a time
 * @param seconds how long an appearance's face is in view
 * @param badShare share of the appearances that are unrecognisable throughout: dark, blurred, turned away or too small
 * @param degradation of all the others
 */
public record SceneSettings(
        String name,
        long seed,
        int width,
        int height,
        double framesPerSecond,
        int videos,
        int people,
        int returns,
        Range faceWidth,
        int fewestInView,
        int mostInView,
        Range seconds,
        double badShare,
        Degradation degradation) {
    public SceneSettings {
        if (width < 64 || height < 64 || width % 2 != 0 || height % 2 != 0) {
            throw new IllegalArgumentException("a scene cannot be " + width + "x" + height + " pixels");
        }
        if (videos < 1 || people < 1 || returns < 0 || fewestInView < 1 || mostInView < fewestInView) {
            throw new IllegalArgumentException("a scene needs videos, people and at least one of them in view");
        }
        if (!(framesPerSecond > 0) || badShare < 0 || badShare > 1) {
            throw new IllegalArgumentException(
                    "a scene cannot have " + framesPerSecond + " frames a second or " + badShare + " of it bad");
        }
    }

    /** With other numbers of people and returns. */
    public SceneSettings withPeople(int number, int returning) {
        return new SceneSettings(
                name,
                seed,
                width,
                height,
                framesPerSecond,
                videos,
                number,
                returning,
                faceWidth,
                fewestInView,
                mostInView,
                seconds,
                badShare,
                degradation);
    }

    /** With another number of files. */
    public SceneSettings withVideos(int number) {
        return new SceneSettings(
                name,
                seed,
                width,
                height,
                framesPerSecond,
                number,
                people,
                returns,
                faceWidth,
                fewestInView,
                mostInView,
                seconds,
                badShare,
                degradation);
    }

    /** With another number of people in view at a time. */
    public SceneSettings withInView(int fewest, int most) {
        return new SceneSettings(
                name,
                seed,
                width,
                height,
                framesPerSecond,
                videos,
                people,
                returns,
                faceWidth,
                fewest,
                most,
                seconds,
                badShare,
                degradation);
    }

    /** With appearances of another length. */
    public SceneSettings withSeconds(Range inView) {
        return new SceneSettings(
                name,
                seed,
                width,
                height,
                framesPerSecond,
                videos,
                people,
                returns,
                faceWidth,
                fewestInView,
                mostInView,
                inView,
                badShare,
                degradation);
    }

    /** With another share of unrecognisable appearances. */
    public SceneSettings withBadShare(double share) {
        return new SceneSettings(
                name,
                seed,
                width,
                height,
                framesPerSecond,
                videos,
                people,
                returns,
                faceWidth,
                fewestInView,
                mostInView,
                seconds,
                share,
                degradation);
    }
}
