package paseo.evaluation;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;
import paseo.inference.BgrImage;
import paseo.inference.FacePipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The least that any system must do: decode, detect, embed, in one thread, and forget. What {@link PipelineCommand}
 * compares with.
 */
@Command(
        name = "bare",
        mixinStandardHelpOptions = true,
        description = "Decodes a video and embeds its faces in one loop, without Kafka, database or tracking.")
final class BareLoop implements Callable<Integer> {
    @Parameters(paramLabel = "VIDEO", description = "A video file.")
    private Path video = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Override
    public Integer call() {
        long frames = 0;
        long faces = 0;
        try (FacePipeline pipeline = packs.open(packs.load(), 1);
                VideoFile file = VideoFile.open(video)) {
            for (@Nullable DecodedFrame frame = file.next(); frame != null; frame = file.next()) {
                BgrImage picture = BgrImage.of(frame.toBgr(), frame.width(), frame.height());
                faces += pipeline.faces(picture, frame.width(), frame.height()).size();
                frames++;
            }
        }
        System.out.println(frames + " frames, " + faces + " faces");
        return 0;
    }
}
