package paseo.standalone;

import static paseo.standalone.Progress.counted;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/** What a command says on the terminal about people. */
final class Summary {
    private static final int MOST_TIMES = 4;

    private Summary() {}

    /** The end of a run: who was there, where and when, what belongs to nobody, what failed. */
    static String of(Findings findings) {
        StringBuilder text = new StringBuilder();
        text.append(headline(findings)).append("\n\n");
        if (!findings.people().isEmpty()) {
            TextTable table = new TextTable("PERSON", "", "SEQUENCES", "FACES", "SEEN");
            for (PersonFound person : findings.people()) {
                addPerson(table, findings, person);
            }
            text.append(table).append('\n');
        }
        nobody(findings).ifPresent(line -> text.append(line).append('\n'));
        for (SourceFound source : findings.sources()) {
            source.error()
                    .ifPresent(error -> text.append("failed: ").append(error).append('\n'));
        }
        return text.toString();
    }

    private static String headline(Findings findings) {
        long known = findings.people().stream()
                .filter(person -> !findings.isNew(person))
                .count();
        long fresh = findings.people().size() - known;
        String who = findings.people().isEmpty()
                ? "nobody recognisable"
                : counted(findings.people().size(), "person", "people") + " (" + fresh + " new, " + known
                        + " seen before)";
        return who + " in " + counted(findings.sources().size(), "input", "inputs") + ", "
                + counted(findings.sequences().size(), "sequence", "sequences") + ", "
                + counted(findings.faces(), "face", "faces");
    }

    private static void addPerson(TextTable table, Findings findings, PersonFound person) {
        List<SequenceFound> sequences = findings.sequencesOf(person.number());
        String name = "person " + person.number();
        String news = findings.isNew(person) ? "new" : "seen before";
        String count = Integer.toString(sequences.size());
        String faces = String.format(
                Locale.ROOT,
                "%,d",
                sequences.stream().mapToLong(SequenceFound::faces).sum());
        for (SourceFound source : findings.sources()) {
            List<SequenceFound> here = findings.sequencesIn(source).stream()
                    .filter(sequence -> sequence.person() == person.number())
                    .toList();
            if (here.isEmpty()) {
                continue;
            }
            table.row(name, news, count, faces, here.get(0).source() + "  " + times(here));
            name = "";
            news = "";
            count = "";
            faces = "";
        }
    }

    private static String times(List<SequenceFound> sequences) {
        List<String> times = new ArrayList<>();
        for (SequenceFound sequence : sequences.subList(0, Math.min(MOST_TIMES, sequences.size()))) {
            times.add(Moment.time(sequence.startSeconds()) + "–" + Moment.time(sequence.endSeconds()));
        }
        if (sequences.size() > MOST_TIMES) {
            times.add("and " + (sequences.size() - MOST_TIMES) + " more");
        }
        return String.join(", ", times);
    }

    private static Optional<String> nobody(Findings findings) {
        long undecided = findings.nobodys(true).size();
        long unusable = findings.nobodys(false).size();
        List<String> parts = new ArrayList<>();
        if (undecided > 0) {
            parts.add(counted(undecided, "sequence", "sequences") + " undecided (not enough like somebody to be"
                    + " them, or seen too briefly to be new)");
        }
        if (unusable > 0) {
            parts.add(
                    counted(unusable, "sequence", "sequences") + " unusable (no face large, sharp and frontal enough)");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of("nobody: " + String.join(", ", parts));
    }

    /** Everybody in the gallery. */
    static String everybody(List<PersonFound> people) {
        if (people.isEmpty()) {
            return "nobody yet\n";
        }
        TextTable table = new TextTable("PERSON", "SEQUENCES", "FACES", "SILHOUETTE", "FIRST SEEN", "LAST SEEN");
        for (PersonFound person : people) {
            table.row(
                    "person " + person.number(),
                    Long.toString(person.sequences()),
                    Long.toString(person.faces()),
                    person.silhouette().isPresent()
                            ? Column.decimal(person.silhouette().getAsDouble(), 2)
                            : "-",
                    person.firstSeen().inWords(),
                    person.lastSeen().inWords());
        }
        return table.toString();
    }

    /** One person: totals, the nearest other person, and every sequence. */
    static String person(PersonFound person, List<SequenceFound> sequences) {
        StringBuilder text = new StringBuilder();
        text.append("person ")
                .append(person.number())
                .append(": ")
                .append(counted(person.sequences(), "sequence", "sequences"))
                .append(", ")
                .append(counted(person.faces(), "face", "faces"))
                .append('\n');
        if (person.nearest().isPresent()) {
            text.append("most similar other person: person ")
                    .append(person.nearest().getAsLong())
                    .append(" (")
                    .append(optional(person.nearestSimilarity()))
                    .append("), silhouette ")
                    .append(optional(person.silhouette()))
                    .append('\n');
        }
        TextTable table = new TextTable("SOURCE", "FROM", "TO", "FACES", "DECISION", "SIMILARITY", "RUNNER-UP");
        for (SequenceFound sequence : sequences) {
            table.row(
                    sequence.source(),
                    Moment.time(sequence.startSeconds()),
                    Moment.time(sequence.endSeconds()),
                    Long.toString(sequence.faces()),
                    sequence.decision().name().toLowerCase(Locale.ROOT),
                    optional(sequence.similarity()),
                    optional(sequence.runnerUp()));
        }
        return text.append('\n').append(table).toString();
    }

    private static String optional(OptionalDouble value) {
        return value.isPresent() ? Column.decimal(value.getAsDouble(), 2) : "-";
    }
}
