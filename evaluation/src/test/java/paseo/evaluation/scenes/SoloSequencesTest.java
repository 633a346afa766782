package paseo.evaluation.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.SoloSequences.SoloFrame;

class SoloSequencesTest {
    private static final Photograph SOMEBODY = Painted.photograph("p1", "01.jpg", 1);

    private final SoloSequences sequences = new SoloSequences(Preset.STREET.settings(3));

    @Test
    void isAFunctionOfPhotographSettingsAndSeed() throws Exception {
        List<SoloFrame> frames = sequences.frames(SOMEBODY, 5, 4);
        assertThat(new SoloSequences(Preset.STREET.settings(3)).frames(SOMEBODY, 5, 4))
                .isEqualTo(frames);
        assertThat(sequences.frames(SOMEBODY, 6, 4)).isNotEqualTo(frames);
    }

    @Test
    void theFaceIsWhollyInsideASmallPictureWhateverTheSeed() throws Exception {
        for (long seed = 0; seed < 30; seed++) {
            List<SoloFrame> frames = sequences.frames(SOMEBODY, seed, 3);
            assertThat(frames).hasSize(3).extracting(SoloFrame::timeSeconds).isSorted();
            for (SoloFrame frame : frames) {
                FaceBox box = frame.face();
                int side = frame.image().width();
                assertThat(side).isBetween(160, 256).isEqualTo(frame.image().height());
                assertThat(box.inside(side, side)).isTrue();
                assertThat(box.width()).isBetween(8.0, 115.0);
            }
        }
    }

    @Test
    void aPhotographOfAnySizeWillDo() throws Exception {
        for (Photograph other :
                List.of(Painted.photograph("p1", "02.jpg", 2, 96), Painted.photograph("p1", "03.jpg", 3, 700))) {
            assertThat(sequences.frames(other, 1, 2)).hasSize(2);
        }
    }

    @Test
    void namesThePhotographThatIsNone() {
        Photograph broken = new Photograph("p9", "07.jpg", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> sequences.frames(broken, 1, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("p9/07.jpg");
    }
}
