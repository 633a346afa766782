package paseo.standalone;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import paseo.matching.PackAgreement;
import paseo.matching.Reembedding;
import paseo.matching.RemadeTemplate;
import paseo.matching.StoredFaces;
import paseo.matching.Thresholds;

/**
 * Moves galleries to another pack: makes templates until none is missing, measures, moves; one gallery after the other.
 */
final class Reembed {
    /** Sequences of a transaction: a second's work or so, and some megabytes of pictures. */
    private static final int BATCH = 64;

    /** As often may sequences come to a gallery between the last look and its move. */
    private static final int ATTEMPTS = 5;

    private static final Duration FIRST_NOTE = Duration.ofSeconds(2);
    private static final Duration LATER_NOTES = Duration.ofSeconds(10);

    private final Reembedding gallery;
    private final ShotEmbedder embedder;
    private final Wishes wishes;
    private final StopSignal stop;
    private final Terminal terminal;
    private long nextNote = System.nanoTime() + FIRST_NOTE.toNanos();

    /**
     * What the user wants.
     *
     * @param agreement least shares, see {@link PackAgreement#reaches}
     * @param prepare whether to move nothing
     * @param forgetOptOuts whether to move although people have opted out
     * @param thresholds of the new pack
     */
    record Wishes(double agreement, boolean prepare, boolean forgetOptOuts, Thresholds thresholds) {}

    Reembed(Reembedding gallery, ShotEmbedder embedder, Wishes wishes, StopSignal stop, Terminal terminal) {
        this.gallery = gallery;
        this.embedder = embedder;
        this.wishes = wishes;
        this.stop = stop;
        this.terminal = terminal;
    }

    /** @throws Refusal if something is not moved that should be */
    void execute() {
        List<String> galleries = gallery.galleries();
        if (galleries.isEmpty()) {
            terminal.print("nothing to do: whoever is stored is in the gallery of "
                    + embedder.pack().id() + "\n");
            return;
        }
        galleries.forEach(this::checkOptOuts);
        galleries.forEach(this::move);
        if (!wishes.prepare()) {
            terminal.print("run with --pack " + embedder.pack().name() + " from now on\n");
        }
    }

    private void checkOptOuts(String from) {
        long people = gallery.optedOut(from);
        if (people > 0 && !wishes.prepare() && !wishes.forgetOptOuts()) {
            throw Refusal.atStart(Progress.counted(people, "person has", "people have") + " opted out of " + from
                    + " and cannot be recognised by another pack, because there are no pictures of them:"
                    + " --forget-opt-outs moves all the same, and what is seen of them will be kept");
        }
    }

    private void move(String from) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            long left = write(from);
            if (gallery.state(from).ready() == 0) {
                terminal.print(Progress.counted(left, "sequence stays", "sequences stay") + " with " + from
                        + ": none of the stored pictures can be embedded\n");
                return;
            }
            stop.check();
            PackAgreement agreement = gallery.measure(from, wishes.thresholds());
            terminal.print(describe(from, embedder.pack().id(), gallery.state(from), agreement));
            if (wishes.prepare()) {
                return;
            }
            require(from, agreement);
            stop.check();
            Optional<Reembedding.Moved> moved = gallery.move(from, left, agreement);
            if (moved.isPresent()) {
                terminal.print(describe(moved.get()));
                return;
            }
        }
        throw Refusal.failed("sequences go on coming to the gallery of " + from + ": stop what stores them", null);
    }

    private void require(String from, PackAgreement agreement) {
        String stays = "; the gallery stays with " + from + ", what was made for "
                + embedder.pack().id() + " is kept unused ('--discard' removes it)";
        if (agreement.probes() == 0 && wishes.agreement() > 0) {
            throw Refusal.failed(
                    "nobody has two sequences, so it cannot be measured whether the packs agree; --agreement 0 moves"
                            + " all the same" + stays,
                    null);
        }
        if (!agreement.reaches(wishes.agreement())) {
            throw Refusal.failed(
                    String.format(Locale.ROOT, "the packs agree less than --agreement %.3f", wishes.agreement())
                            + stays,
                    null);
        }
        long others = gallery.others();
        if (others > 0) {
            throw Refusal.failed(
                    "something else is connected to the database ("
                            + Progress.counted(others, "connection", "connections")
                            + "): stop it and repeat this command, which then only has to move" + stays,
                    null);
        }
    }

    /** Makes what is missing; gives of how many sequences no picture could be embedded. */
    private long write(String from) {
        Reembedding.State before = gallery.state(from);
        long total = before.ready() + before.waiting();
        long done = before.ready();
        long left = 0;
        long last = 0;
        List<StoredFaces> next = gallery.next(from, last, BATCH);
        while (!next.isEmpty()) {
            stop.check();
            List<RemadeTemplate> remade = embedder.remake(next);
            gallery.write(from, remade);
            left += next.size() - remade.size();
            done += next.size();
            last = next.get(next.size() - 1).sequence();
            note(from, done, total);
            next = gallery.next(from, last, BATCH);
        }
        return left;
    }

    private void note(String from, long done, long total) {
        long now = System.nanoTime();
        if (now >= nextNote) {
            nextNote = now + LATER_NOTES.toNanos();
            terminal.note(String.format(
                    Locale.ROOT, "%s: %,d of %,d sequences have new templates", from, done, Math.max(done, total)));
        }
    }

    static String describe(String from, String to, Reembedding.State state, PackAgreement agreement) {
        String made = String.format(
                Locale.ROOT,
                "%s to %s: %s from their pictures, %,d without one that can be embedded%n",
                from,
                to,
                Progress.counted(state.ready(), "template", "templates"),
                state.waiting());
        String people = agreement.probes() == 0
                ? "agreement unknown: nobody has two sequences\n"
                : String.format(
                        Locale.ROOT,
                        "agreement %.3f: of %,d sequences %,d find their own person first (%,d by the templates in"
                                + " use)%n",
                        agreement.agreement(),
                        agreement.probes(),
                        agreement.kept(),
                        agreement.before());
        String pairs = agreement.pairs() == 0
                ? "apart unknown: no two were seen in one frame\n"
                : String.format(
                        Locale.ROOT,
                        "apart %.3f: of %,d pairs seen in one frame %,d stay below %.3f%n",
                        agreement.apartness(),
                        agreement.pairs(),
                        agreement.apart(),
                        agreement.accept());
        return made + people + pairs;
    }

    private static String describe(Reembedding.Moved moved) {
        return "moved " + Progress.counted(moved.persons(), "person", "persons") + " and "
                + Progress.counted(moved.sequences(), "sequence", "sequences")
                + (moved.left() == 0 ? "" : ", " + moved.left() + " stay")
                + "; audit entry " + moved.audit() + "\n";
    }
}
