package paseo.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import paseo.events.Decision;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/** Who was visible when: per source a lane for each person, below them one for undecided and one for unusable. */
final class Timeline {
    /** Width of the drawing in its own units; the page stretches it. */
    private static final double WIDTH = 1000;

    private static final int LANE = 14;
    /** A single frame has to be seen, too. */
    private static final double NARROWEST_BAR = 3;

    private static final int TICKS = 4;

    private Timeline() {}

    static void write(Html page, Findings findings) {
        List<SourceFound> shown = findings.sources().stream()
                .filter(source -> !findings.sequencesIn(source).isEmpty())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        page.raw("<section id=\"timeline\">\n")
                .element("h2", "Who was visible when")
                .raw("\n");
        for (SourceFound source : shown) {
            writeSource(page, source, findings.sequencesIn(source));
        }
        page.raw("</section>\n");
    }

    private static void writeSource(Html page, SourceFound source, List<SequenceFound> sequences) {
        double start = 0;
        double end = source.seconds();
        if (end <= 0) {
            start = sequences.stream()
                    .mapToDouble(SequenceFound::startSeconds)
                    .min()
                    .orElse(0);
        }
        double last =
                sequences.stream().mapToDouble(SequenceFound::endSeconds).max().orElse(start);
        end = Math.max(end, last);
        double length = Math.max(end - start, 0.001);
        page.raw("<figure>\n").element("figcaption", source.name()).raw("\n");
        for (Map.Entry<String, List<SequenceFound>> lane : lanes(sequences).entrySet()) {
            writeLane(page, lane.getKey(), lane.getValue(), start, length);
        }
        page.raw("<div class=\"lane axis\"><span></span><div>");
        for (int tick = 0; tick <= TICKS; tick++) {
            page.element("span", Moment.time(start + length * tick / TICKS));
        }
        page.raw("</div></div>\n</figure>\n");
    }

    private static Map<String, List<SequenceFound>> lanes(List<SequenceFound> sequences) {
        Map<Long, List<SequenceFound>> people = new TreeMap<>();
        for (SequenceFound sequence : sequences) {
            if (sequence.person() > 0) {
                people.computeIfAbsent(sequence.person(), person -> new ArrayList<>())
                        .add(sequence);
            }
        }
        Map<String, List<SequenceFound>> lanes = new LinkedHashMap<>();
        people.forEach((person, theirs) -> lanes.put("Person " + person, theirs));
        for (boolean comparable : List.of(true, false)) {
            List<SequenceFound> some = sequences.stream()
                    .filter(sequence ->
                            sequence.person() == 0 && (sequence.decision() != Decision.UNUSABLE) == comparable)
                    .toList();
            if (!some.isEmpty()) {
                lanes.put(comparable ? "undecided" : "unusable", some);
            }
        }
        return lanes;
    }

    private static void writeLane(Html page, String label, List<SequenceFound> sequences, double start, double length) {
        long person = sequences.get(0).person();
        String name = person > 0 ? "a href=\"#person-" + person + "\"" : "span";
        page.raw("<div class=\"lane\" style=\"--c:" + PersonColour.of(person).css() + "\">");
        page.element(name, label);
        page.raw("<svg viewBox=\"0 0 " + Math.round(WIDTH) + " " + LANE + "\" preserveAspectRatio=\"none\""
                + " role=\"img\" aria-label=\"");
        page.text(label + " visible " + sequences.size() + " times").raw("\">");
        for (SequenceFound sequence : sequences) {
            double x = (sequence.startSeconds() - start) / length * WIDTH;
            double width = Math.max(NARROWEST_BAR, (sequence.endSeconds() - sequence.startSeconds()) / length * WIDTH);
            boolean linked = sequence.decision() != Decision.UNUSABLE;
            page.raw(linked ? "<a href=\"#s-" + sequence.id() + "\">" : "");
            page.raw("<rect x=\"" + Column.decimal(Math.min(x, WIDTH - NARROWEST_BAR), 1) + "\" width=\""
                    + Column.decimal(width, 1) + "\" height=\"" + LANE + "\"><title>");
            page.text(label + ", " + Moment.time(sequence.startSeconds()) + " – " + Moment.time(sequence.endSeconds())
                            + ", " + sequence.faces() + " faces")
                    .raw("</title></rect>");
            page.raw(linked ? "</a>" : "");
        }
        page.raw("</svg></div>\n");
    }
}
