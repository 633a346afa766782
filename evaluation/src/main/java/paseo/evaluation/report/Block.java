package paseo.evaluation.report;

import java.util.List;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Gate;

/** A part of a section. */
public sealed interface Block {
    /** A paragraph. */
    record Text(String text) implements Block {}

    /** Large numbers, a few at most. */
    record Tiles(List<Tile> tiles) implements Block {
        public Tiles {
            tiles = List.copyOf(tiles);
        }
    }

    /** A number with what it counts. */
    record Tile(String number, String label) {}

    /**
     * Words in rows; columns after the first that hold numbers are better written by {@link Unit#text}.
     *
     * @param rows each as long as the header
     */
    record Table(List<String> header, List<List<String>> rows) implements Block {
        public Table {
            header = List.copyOf(header);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != header.size()) {
                    throw new IllegalArgumentException(
                            row.size() + " cells under " + header.size() + " headings: " + row);
                }
            }
        }
    }

    /** Scores with their intervals and gates. */
    record ScoreTable(List<ScoreRow> rows) implements Block {
        public ScoreTable {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A score.
     *
     * @param label its name
     * @param meaning in a few words
     * @param checks gates on it that were checked; may be empty
     */
    record ScoreRow(String label, String meaning, Estimate estimate, Unit unit, List<Gate.Check> checks) {
        public ScoreRow {
            checks = List.copyOf(checks);
        }
    }

    /** A plot with what to see in it. */
    record Figure(String title, Plot plot, String caption) implements Block {}
}
