package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanvasTest {
    private static final PersonColour RED = new PersonColour(200, 0, 0);

    @Test
    void aBoxIsAnOutline() {
        byte[] picture = new byte[8 * 6 * 3];
        new Canvas(picture, 8, 6).box(1, 1, 5, 4, 1, RED);
        assertThat(drawn(picture, 8)).isEqualTo("""
                ........
                .#####..
                .#...#..
                .#...#..
                .#####..
                ........
                """);
        assertThat(picture[(8 + 1) * 3]).as("blue comes first").isZero();
        assertThat(picture[(8 + 1) * 3 + 2]).isEqualTo((byte) 200);
    }

    @Test
    void whatLiesOutsideIsClipped() {
        byte[] picture = new byte[4 * 3 * 3];
        Canvas canvas = new Canvas(picture, 4, 3);
        canvas.box(-3, -3, 5, 5, 2, RED);
        assertThat(drawn(picture, 4)).isEqualTo("##..\n##..\n....\n");
        canvas.box(100, 100, 5, 5, 2, RED);
        canvas.label("person 12", -50, -50, 3, RED);
    }

    @Test
    void aLabelIsReadable() {
        byte[] picture = new byte[14 * 11 * 3];
        new Canvas(picture, 14, 11).label("p1", 0, 11, 1, new PersonColour(0, 0, 0));
        assertThat(drawn(picture, 14)).isEqualTo("""
                ..............
                .........#....
                ........##....
                .####....#....
                .#...#...#....
                .#...#...#....
                .####....#....
                .#......###...
                .#............
                .#............
                ..............
                """);
    }

    @Test
    void coloursAreStableAndDifferent() {
        assertThat(PersonColour.of(1)).isEqualTo(PersonColour.of(1));
        Set<PersonColour> colours = new HashSet<>();
        for (int person = 0; person <= 500; person++) {
            colours.add(PersonColour.of(person));
        }
        assertThat(colours).hasSizeGreaterThan(495);
        assertThat(PersonColour.of(0)).isEqualTo(PersonColour.NOBODY);
    }

    @Test
    void neighbouringNumbersLookDifferent() {
        for (int person = 1; person < 200; person++) {
            PersonColour one = PersonColour.of(person);
            PersonColour next = PersonColour.of(person + 1);
            int distance = Math.abs(one.red() - next.red())
                    + Math.abs(one.green() - next.green())
                    + Math.abs(one.blue() - next.blue());
            assertThat(distance).as("persons %d and %d", person, person + 1).isGreaterThan(120);
        }
    }

    @Test
    void aWrongSizeIsRefused() {
        assertThatThrownBy(() -> new Canvas(new byte[10], 2, 2)).hasMessageContaining("2×2");
    }

    private static String drawn(byte[] picture, int width) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < picture.length; at += 3) {
            text.append((picture[at] | picture[at + 1] | picture[at + 2]) == 0 ? '.' : '#');
            if (at / 3 % width == width - 1) {
                text.append('\n');
            }
        }
        return text.toString();
    }
}
