package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import paseo.events.Box;

/** Finds faces in whole pictures. Safe for many threads, each with its own {@link Scratch}. */
final class FaceDetector implements AutoCloseable {
    private final Model model;
    private final ModelPack.Detector spec;
    private final boolean blueFirst;
    private final DetectionDecoder decoder;

    FaceDetector(String name, byte[] bytes, ModelPack.Detector spec, Accelerator accelerator) {
        this.spec = spec;
        this.blueFirst = spec.pixels().channels() == ModelPack.Channels.BGR;
        byte[] graph = ByteInput.of(bytes, spec.pixels());
        boolean alone = accelerator.device() == Device.CPU;
        this.model = Model.load(
                name,
                alone ? graph : ManyPictures.of(graph),
                new long[] {alone ? 1 : -1, 3, -1, -1},
                rows(spec.kind()),
                accelerator);
        this.decoder =
                spec.kind() == ModelPack.DetectorKind.YUNET ? new YunetDecoder(model.outputs()) : new ScrfdDecoder();
    }

    /** Values in a row of each output. */
    static List<Long> rows(ModelPack.DetectorKind kind) {
        return switch (kind) {
            case YUNET -> List.of(1L, 1L, 1L, 1L, 1L, 1L, 4L, 4L, 4L, 10L, 10L, 10L);
            case SCRFD -> List.of(1L, 1L, 1L, 4L, 4L, 4L, 10L, 10L, 10L);
        };
    }

    /** The faces in a picture, the surest first, in its pixels. */
    List<Detection> detect(Picture picture, Scratch scratch) {
        List<Detection> found = detect(picture, scratch, 1);
        if (spec.largestFace() > 0 && found.stream().anyMatch(face -> isLarge(face, picture, 2))) {
            return merged(found, detect(picture, scratch, 2), picture);
        }
        return found;
    }

    private List<Detection> detect(Picture picture, Scratch scratch, int divisor) {
        Letterbox box = letterbox(picture, divisor);
        ByteBuffer input = scratch.bytes(3 * box.inputWidth() * box.inputHeight());
        picture.scaleTo(box, blueFirst, input);
        List<FloatBuffer> outputs = model.run(input, 1, 3, box.inputHeight(), box.inputWidth());
        float x = (float) picture.width() / box.width();
        float y = (float) picture.height() / box.height();
        List<Detection> found = decoder.decode(outputs, box.inputWidth(), box.inputHeight(), spec.score());
        return Detection.distinct(found, spec.overlap()).stream()
                .map(face -> face.scaled(x, y))
                .toList();
    }

    private Letterbox letterbox(Picture picture, int divisor) {
        return Letterbox.fit(
                picture.width(), picture.height(), spec.longestSide() / divisor, spec.shortestLongSide() / divisor);
    }

    /** Whether a face is wider than {@code 1 / divisor} of the largest that the detector was made for. */
    private boolean isLarge(Detection face, Picture picture, int divisor) {
        float scale = (float) letterbox(picture, 1).width() / picture.width();
        return face.box().width() * scale * divisor > spec.largestFace();
    }

    /** Large faces as seen at half the size, the others as seen at full size unless they lie within a large one. */
    private List<Detection> merged(List<Detection> sharp, List<Detection> coarse, Picture picture) {
        List<Detection> large =
                coarse.stream().filter(face -> isLarge(face, picture, 1)).toList();
        List<Detection> all = new ArrayList<>(large);
        sharp.stream()
                .filter(face -> large.stream().noneMatch(other -> covers(other.box(), face.box())))
                .forEach(all::add);
        return Detection.distinct(all, spec.overlap());
    }

    private static boolean covers(Box large, Box small) {
        float width = Math.min(large.x() + large.width(), small.x() + small.width()) - Math.max(large.x(), small.x());
        float height =
                Math.min(large.y() + large.height(), small.y() + small.height()) - Math.max(large.y(), small.y());
        return width > 0 && height > 0 && width * height > small.area() / 2;
    }

    @Override
    public void close() {
        model.close();
    }
}
