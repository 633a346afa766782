package paseo.evaluation.scenes;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import paseo.evaluation.scenes.Photographs.Photograph;

/** Photographs that need no file: an oval with eyes and a mouth, in colours of its own. */
final class Painted {
    private Painted() {}

    static Photograph photograph(String person, String name, int variant) {
        return photograph(person, name, variant, 250);
    }

    static Photograph photograph(String person, String name, int variant, int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                image.setRGB(x, y, colour((x + 0.5) / side, (y + 0.5) / side, variant));
            }
        }
        try {
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
            ImageIO.write(image, "jpeg", jpeg);
            return new Photograph(person, name, ByteBuffer.wrap(jpeg.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many people with so many photographs each. */
    static List<Photograph> people(int number, int photographs) {
        List<Photograph> all = new ArrayList<>();
        for (int person = 0; person < number; person++) {
            for (int i = 0; i < photographs; i++) {
                all.add(photograph(String.format("p%03d", person), "0" + i + ".jpg", 7 * person + i, 64));
            }
        }
        return all;
    }

    private static int colour(double x, double y, int variant) {
        double dx = (x - 0.5) / 0.19;
        double dy = (y - 0.51) / 0.26;
        boolean face = dx * dx + dy * dy < 1;
        boolean eye = Math.hypot(Math.abs(x - 0.5) - 0.08, y - 0.46) < 0.02;
        boolean mouth = Math.abs(y - 0.64) < 0.012 && Math.abs(x - 0.5) < 0.07;
        int shade = 20 * (variant % 5);
        if (eye || mouth) {
            return 0x301818;
        }
        return face ? (230 - shade) << 16 | (180 - shade) << 8 | (150 - shade) : 0x607080 + variant % 16;
    }
}
