package paseo.standalone;

import static paseo.standalone.Progress.counted;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import paseo.events.Decision;
import paseo.standalone.Findings.BestShot;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/**
 * The findings as one page that needs neither server nor network: style and pictures are inside. A function of the
 * findings alone.
 */
final class Report {
    /** More pictures than this make a page that browsers choke on; the rest is counted, and in the export's crops. */
    private static final int MOST_PICTURES = 3_000;

    private final Findings findings;
    private final Html page = new Html();
    private int pictures;

    private Report(Findings findings) {
        this.findings = findings;
    }

    /** The page. */
    static String of(Findings findings) {
        Report report = new Report(findings);
        report.write();
        return report.page.toString();
    }

    private void write() {
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.raw("<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n");
        page.element("title", "Paseo: " + headline()).raw("\n<style>\n");
        page.raw(style()).raw("</style>\n</head>\n<body>\n<main>\n");
        writeHeader();
        Timeline.write(page, findings);
        writePeople();
        writeNobody();
        writeGuide();
        page.raw("</main>\n</body>\n</html>\n");
    }

    private String headline() {
        return findings.people().isEmpty()
                ? "nobody recognisable"
                : counted(findings.people().size(), "person", "people");
    }

    private void writeHeader() {
        page.raw("<header>\n").element("p class=\"brand\"", "Paseo").raw("\n");
        page.element("h1", headline() + " in " + counted(findings.sources().size(), "video", "videos"))
                .raw("\n<div class=\"tiles\">");
        long fresh = findings.people().stream().filter(findings::isNew).count();
        tile(Long.toString(fresh), fresh == 1 ? "new person" : "new people");
        tile(Long.toString(findings.people().size() - fresh), "seen before");
        tile(Integer.toString(findings.sequences().size()), "sequences");
        tile(Integer.toString(findings.nobodys(true).size()), "undecided");
        tile(Integer.toString(findings.nobodys(false).size()), "unusable");
        tile(String.format(Locale.ROOT, "%,d", findings.faces()), "faces detected");
        page.raw("</div>\n");
        for (SourceFound source : findings.sources()) {
            if (source.error().isPresent()) {
                page.element("p class=\"failed\"", "Failed: " + source.error().get())
                        .raw("\n");
            }
        }
        page.raw("</header>\n");
    }

    private void tile(String number, String label) {
        page.raw("<div>").element("b", number).element("span", label).raw("</div>");
    }

    private void writePeople() {
        if (findings.people().isEmpty()) {
            return;
        }
        page.raw("<section id=\"people\">\n").element("h2", "People").raw("\n");
        for (PersonFound person : findings.people()) {
            writePerson(person);
        }
        page.raw("</section>\n");
    }

    private void writePerson(PersonFound person) {
        page.raw("<article id=\"person-" + person.number() + "\" style=\"--c:"
                + PersonColour.of(person.number()).css() + "\">\n<div class=\"who\"><h3>");
        page.raw("<i></i>").text("Person " + person.number()).raw("</h3>");
        page.element("span class=\"badge\"", findings.isNew(person) ? "new" : "seen before")
                .raw("\n<p>");
        page.text(counted(person.sequences(), "sequence", "sequences") + " and "
                + counted(person.faces(), "face", "faces") + " in all, first seen in "
                + person.firstSeen().inWords() + ", last in "
                + person.lastSeen().inWords());
        page.raw("</p></div>\n<div class=\"meters\">");
        String nearest = person.nearest().isPresent()
                ? "similarity to person " + person.nearest().getAsLong() + ", the nearest other"
                : "nobody else to compare with";
        meter(nearest, person.nearestSimilarity());
        meter("silhouette", person.silhouette());
        page.raw("</div>\n");
        findings.sequencesOf(person.number()).forEach(this::writeStrip);
        page.raw("</article>\n");
    }

    private void meter(String label, OptionalDouble value) {
        page.raw("<div class=\"meter\">").element("span", label);
        double shown = Math.max(0, Math.min(1, value.orElse(0)));
        page.raw("<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                + "<rect class=\"track\" width=\"100\" height=\"6\"/>");
        page.raw("<rect class=\"value\" width=\"" + Column.decimal(100 * shown, 1) + "\" height=\"6\"/></svg>");
        page.element("b", value.isPresent() ? Column.decimal(value.getAsDouble(), 2) : "–")
                .raw("</div>");
    }

    private void writeStrip(SequenceFound sequence) {
        page.raw("<div class=\"strip\" id=\"s-" + sequence.id() + "\"><div class=\"when\">");
        page.element("b", Moment.time(sequence.startSeconds()) + " – " + Moment.time(sequence.endSeconds()));
        page.element("span", sequence.source());
        page.element(
                "span",
                counted(sequence.faces(), "face", "faces") + ", " + String.format(Locale.ROOT, "%,d", sequence.usable())
                        + " usable");
        page.element("span", decision(sequence)).raw("</div><div class=\"faces\">");
        for (BestShot shot : sequence.bestShots()) {
            if (pictures++ < MOST_PICTURES) {
                page.jpeg(
                        shot.bytes(),
                        "frame " + shot.frame() + ", " + Moment.time(shot.seconds()) + ", quality "
                                + Column.decimal(shot.quality(), 2));
            }
        }
        page.raw("</div></div>\n");
    }

    private static String decision(SequenceFound sequence) {
        String decision = sequence.decision().name().toLowerCase(Locale.ROOT);
        if (sequence.similarity().isEmpty()) {
            return decision;
        }
        String text = decision + ", similarity "
                + Column.decimal(sequence.similarity().getAsDouble(), 2);
        if (sequence.threshold().isPresent()) {
            text += " of " + Column.decimal(sequence.threshold().getAsDouble(), 2);
        }
        if (sequence.runnerUp().isPresent()) {
            text += ", next " + Column.decimal(sequence.runnerUp().getAsDouble(), 2);
        }
        return text;
    }

    private void writeNobody() {
        List<SequenceFound> undecided = findings.nobodys(true);
        List<SequenceFound> unusable = findings.nobodys(false);
        if (undecided.isEmpty() && unusable.isEmpty()) {
            return;
        }
        page.raw("<section id=\"nobody\" style=\"--c:" + PersonColour.NOBODY.css() + "\">\n")
                .element("h2", "Nobody")
                .raw("\n<article>\n");
        if (!undecided.isEmpty()) {
            page.element(
                            "p",
                            counted(undecided.size(), "sequence is", "sequences are")
                                    + " undecided: like somebody but not enough to be them, or recognisable too briefly"
                                    + " to be somebody new.")
                    .raw("\n");
            undecided.forEach(this::writeStrip);
        }
        if (!unusable.isEmpty()) {
            page.element(
                            "p",
                            counted(unusable.size(), "sequence has", "sequences have")
                                    + " no face that is large, sharp and frontal enough to compare. They are stored,"
                                    + " and belong to nobody.")
                    .raw("\n<table><thead><tr><th>source</th><th>sequences</th><th>faces</th></tr></thead><tbody>\n");
            for (SourceFound source : findings.sources()) {
                List<SequenceFound> here = findings.sequencesIn(source).stream()
                        .filter(sequence -> sequence.decision() == Decision.UNUSABLE)
                        .toList();
                if (!here.isEmpty()) {
                    page.raw("<tr>").element("td", source.name());
                    page.element("td", Integer.toString(here.size()));
                    page.element(
                                    "td",
                                    Long.toString(here.stream()
                                            .mapToLong(SequenceFound::faces)
                                            .sum()))
                            .raw("</tr>\n");
                }
            }
            page.raw("</tbody></table>\n");
        }
        page.raw("</article>\n</section>\n");
    }

    private void writeGuide() {
        page.raw("<footer>\n").element("h2", "How to read this").raw("\n<dl>");
        term("Person", "A number, never a name. It stays the same in every later run on the same data.");
        term(
                "Sequence",
                "The faces of one person while in view. Its strip shows the best and most different of them, as they"
                        + " were compared.");
        term(
                "Similarity",
                "Cosine between the embeddings of two sequences or people: 1 is the same picture, 0 nothing in common. A"
                        + " sequence is recognised when it reaches the threshold shown after “of” and is clearly nearer"
                        + " to that person than to the next.");
        term(
                "Silhouette",
                "How much closer a person's sequences are to each other than to the nearest other person: near 1 well"
                        + " apart, near 0 hard to tell from somebody else, below 0 probably mixed up. It needs at"
                        + " least two sequences and somebody else.");
        page.raw("</dl>\n");
        if (pictures > MOST_PICTURES) {
            page.element(
                            "p",
                            String.format(
                                    Locale.ROOT,
                                    "%,d of %,d faces are shown here; all of them are in the folder crops of an"
                                            + " export.",
                                    MOST_PICTURES,
                                    pictures))
                    .raw("\n");
        }
        page.raw("</footer>\n");
    }

    private void term(String term, String meaning) {
        page.element("dt", term).element("dd", meaning);
    }

    private static String style() {
        try (InputStream style = Report.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(style).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
