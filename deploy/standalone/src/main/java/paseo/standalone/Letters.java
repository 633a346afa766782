package paseo.standalone;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The few letters that a label in a video needs, five dots wide and nine high. */
final class Letters {
    /** Dots of a line, with room for the p's tail. */
    static final int HEIGHT = 9;

    private static final int ADVANCE = 6;
    private static final String ORDER = "0123456789personu?";

    /** One row of dots per line, one letter per column of five, in {@link #ORDER}. */
    private static final List<String> ART = List.of(
            ".###. ..#.. .###. #### ...#. ##### ..##. ##### .###. .###. ..... ..... ..... ..... ..... ..... ..... .###.",
            "#...# .##.. #...# ....# ..##. #.... .#... ....# #...# #...# ..... ..... ..... ..... ..... ..... ..... #...#",
            "#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...# ####. .###. #.##. .#### .###. ####. #...# ....#",
            "#.#.# ..#.. ...#. .###. #..#. ....# ####. ...#. .###. .#### #...# #...# ##..# #.... #...# #...# #...# ...#.",
            "##..# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....# #...# ##### #.... .###. #...# #...# #...# ..#..",
            "#...# ..#.. .#... ....# ...#. #...# #...# ..#.. #...# ...#. ####. #.... #.... ....# #...# #...# #..## .....",
            ".###. .###. ##### ####. ...#. .###. .###. ..#.. .###. .##.. #.... .#### #.... ####. .###. #...# .##.# ..#..",
            "..... ..... ..... ..... ..... ..... ..... ..... ..... ..... #.... ..... ..... ..... ..... ..... ..... .....",
            "..... ..... ..... ..... ..... ..... ..... ..... ..... ..... #.... ..... ..... ..... ..... ..... ..... .....");

    private static final Map<Character, boolean[][]> GLYPHS = glyphs();

    private Letters() {}

    /** Takes one dot of a text. */
    interface Dot {
        void at(int column, int row);
    }

    /** Dots from the text's left to its right edge. */
    static int width(String text) {
        return text.isEmpty() ? 0 : text.length() * ADVANCE - 1;
    }

    /** The dots of a text; characters that are not among the letters are left blank. */
    static void dots(String text, Dot dot) {
        for (int i = 0; i < text.length(); i++) {
            boolean[][] glyph = GLYPHS.get(text.charAt(i));
            for (int row = 0; glyph != null && row < glyph.length; row++) {
                for (int column = 0; column < glyph[row].length; column++) {
                    if (glyph[row][column]) {
                        dot.at(i * ADVANCE + column, row);
                    }
                }
            }
        }
    }

    private static Map<Character, boolean[][]> glyphs() {
        Map<Character, boolean[][]> glyphs = new HashMap<>();
        for (int letter = 0; letter < ORDER.length(); letter++) {
            boolean[][] glyph = new boolean[HEIGHT][];
            for (int row = 0; row < HEIGHT; row++) {
                String dots = ART.get(row).split(" ", -1)[letter];
                glyph[row] = new boolean[dots.length()];
                for (int column = 0; column < dots.length(); column++) {
                    glyph[row][column] = dots.charAt(column) == '#';
                }
            }
            glyphs.put(ORDER.charAt(letter), glyph);
        }
        return glyphs;
    }
}
