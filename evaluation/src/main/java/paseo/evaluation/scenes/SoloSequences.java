package paseo.evaluation.scenes;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.events.Image;

/**
 * Appearances one by one, without a video: what a scene with these settings would show of a photograph, cut out around
 * the face, for galleries larger than can be filmed. The same walks, bodies, light, blur and noise as in
 * {@link Scenes}; nobody crosses, and JPEG stands in for the video codec. Safe for many threads.
 */
public final class SoloSequences {
    /** Cameras to draw from: a backdrop takes as long as dozens of frames. */
    private static final int CAMERAS = 4;

    /** A window's side in widths of the face, and its least and greatest in pixels. */
    private static final double WINDOW = 3.2;

    private static final int SMALLEST_WINDOW = 160;
    private static final int LARGEST_WINDOW = 256;

    private final SceneSettings settings;
    private final List<Stage> stages;

    /** @param settings of the scene; its seed chooses the cameras */
    public SoloSequences(SceneSettings settings) {
        this.settings = settings;
        List<Stage> drawn = new ArrayList<>();
        for (int i = 0; i < CAMERAS; i++) {
            drawn.add(Stage.drawn(settings, "solo", i));
        }
        this.stages = List.copyOf(drawn);
    }

    /**
     * One frame.
     *
     * @param image a square picture with the face near its middle
     * @param face its true box, in pixels of the image; all of it is inside
     * @param timeSeconds from the start of the walk
     */
    public record SoloFrame(Image image, FaceBox face, double timeSeconds) {}

    /**
     * Walks somebody past a camera.
     *
     * @param seed chooses camera, way, clothes, light and all else; another seed is another appearance
     * @param frames how many, evenly over the time that the face is wholly in the picture
     * @return in the order of time
     * @throws IOException if the photograph cannot be read
     */
    public List<SoloFrame> frames(Photograph photograph, long seed, int frames) throws IOException {
        Dice dice = Dice.of(seed, "solo", photograph.person(), photograph.name());
        Stage stage = stages.get(dice.below(stages.size()));
        Flaw flaw = Flaw.drawn(dice, settings.badShare());
        int quality = (int) Math.round(dice.in(settings.degradation().jpegQuality()));
        Walk walk = Walk.drawn(stage.camera(), settings, flaw, dice);
        Actor actor = Actor.drawn(Portrait.of(photograph), walk, stage.camera(), settings, flaw, dice);
        Range times = inPicture(actor);
        List<SoloFrame> sequence = new ArrayList<>();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            for (int i = 0; i < frames; i++) {
                double time = times.at((i + 0.5) / frames);
                sequence.add(frame(stage, actor.at(time), time, Dice.mix(seed + i), writer, quality));
            }
        } finally {
            writer.dispose();
        }
        return sequence;
    }

    /** From when to when the whole face is in the picture. */
    private Range inPicture(Actor actor) {
        double step = 1 / settings.framesPerSecond();
        double first = Double.NaN;
        double last = Double.NaN;
        for (double time = 0; time <= actor.walk().seconds(); time += step) {
            if (actor.at(time).box().inside(settings.width(), settings.height())) {
                first = Double.isNaN(first) ? time : first;
                last = time;
            }
        }
        if (Double.isNaN(first)) {
            double middle = actor.walk().seconds() / 2;
            return new Range(middle, middle);
        }
        return new Range(first, last);
    }

    private static SoloFrame frame(
            Stage stage, Figure figure, double time, long frameSeed, ImageWriter writer, int quality)
            throws IOException {
        Pose pose = figure.pose();
        int half = (int) Math.round(Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, WINDOW * pose.size())) / 2);
        int left = (int) Math.round(pose.x()) - half;
        int top = (int) Math.round(pose.y()) - half;
        Picture window = new Picture(left, top, 2 * half, 2 * half);
        stage.draw(window, List.of(figure), frameSeed);
        FaceBox box = figure.box();
        return new SoloFrame(
                new Image(jpeg(window, writer, quality), window.width, window.height, window.width, window.height),
                new FaceBox(box.x() - left, box.y() - top, box.width(), box.height()),
                time);
    }

    private static ByteBuffer jpeg(Picture window, ImageWriter writer, int quality) throws IOException {
        BufferedImage image = new BufferedImage(window.width, window.height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        System.arraycopy(window.bgr, 0, pixels, 0, pixels.length);
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality / 100f);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
