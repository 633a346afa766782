package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.testing.Assets;

class PlacedFacesTest {
    @BeforeAll
    static void models() {
        Assets.require("models/retail/face_detection_yunet_2026may.onnx");
    }

    @Test
    void aFaceBesideThePlaceIsNoFaceOfTheScene() throws IOException {
        List<Photograph> some =
                Photographs.read(Assets.require("faces/photographs.tar")).subList(0, 40);
        Photograph aside = new Photograph(some.get(0).person(), "aside.jpg", aside(some.get(0)));

        List<Photograph> placed = PlacedFaces.of(List.of(some.get(0), aside, some.get(1)));

        assertThat(placed).containsExactly(some.get(0), some.get(1));
        assertThat(PlacedFaces.of(some)).hasSizeGreaterThan(36);
        assertThatThrownBy(() -> PlacedFaces.of(List.of(aside)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its box must begin near 32 % and 25 %");
    }

    @Test
    void aDamagedPhotographIsLeftOutAsSuch() throws IOException {
        List<Photograph> some =
                Photographs.read(Assets.require("faces/photographs.tar")).subList(0, 2);
        byte[] jpeg = some.get(0).jpeg().array();
        Photograph cut =
                new Photograph(some.get(0).person(), "cut.jpg", ByteBuffer.wrap(Arrays.copyOf(jpeg, jpeg.length / 2)));
        Photograph aside = new Photograph(some.get(0).person(), "aside.jpg", aside(some.get(0)));
        List<String> notes = new ArrayList<>();

        assertThat(PlacedFaces.of(List.of(some.get(0), cut, aside, some.get(1)), notes::add))
                .containsExactlyElementsOf(some);
        assertThat(notes)
                .containsExactly(
                        "1 of 4 photographs are left out: damaged or too large",
                        "1 of 4 photographs are left out: no face in their middle");
    }

    /** The picture moved to the right by a third of its width. */
    private static ByteBuffer aside(Photograph photograph) throws IOException {
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(photograph.jpeg().array()));
        BufferedImage moved = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        moved.getGraphics().drawImage(image, image.getWidth() / 3, 0, null);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(moved, "jpeg", jpeg);
        return ByteBuffer.wrap(jpeg.toByteArray());
    }
}
