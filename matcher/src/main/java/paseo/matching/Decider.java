package paseo.matching;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import paseo.events.Decision;
import paseo.events.Sequence;
import paseo.events.Template;

/**
 * Whose sequences are, within one transaction: provisionally while they last, and finally once.
 *
 * <p>A provisional decision changes the gallery as a final one does: the sequence's template is found under its person,
 * so that another camera recognises who is still in view here. It binds nobody: the final decision is made on the full
 * template as if there had been none, with one exception. A sequence that has founded a person keeps it unless it is
 * recognised as another one; a number that has been said is not taken back because later faces bring somebody near
 * without reaching them. When it is recognised as another one, the founded number becomes that one's.
 */
final class Decider {
    private final Gallery gallery;
    private final OptOuts optOuts;
    private final CannotLink links;
    private final SequenceRows rows;
    private final HandRows hands;
    private final Thresholds thresholds;
    private final Seals seals;

    /** @param thresholds of the gallery's model pack */
    Decider(
            Gallery gallery,
            OptOuts optOuts,
            CannotLink links,
            SequenceRows rows,
            HandRows hands,
            Thresholds thresholds,
            Seals seals) {
        this.gallery = gallery;
        this.optOuts = optOuts;
        this.links = links;
        this.rows = rows;
        this.hands = hands;
        this.thresholds = thresholds;
        this.seals = seals;
    }

    /**
     * Looks at a sequence in view, if that is worth it: there is more evidence, or somebody else who was seen with it
     * has the better claim on its person.
     *
     * @return what was said; empty when there is nothing new to say
     */
    Optional<Judgement> look(SequenceRows.Stored stored, Sequence sequence, Template template) throws SQLException {
        boolean identified = stored.person().isPresent();
        boolean due = MatchPolicy.worthALook(sequence.usableCount(), stored.usable(), identified);
        if (!due && !identified) {
            return Optional.empty();
        }
        Company company = company(stored, sequence);
        if (!due && !company.contested()) {
            return Optional.empty();
        }
        Judgement judgement = judge(stored, sequence, template, company, MatchPolicy.FACES_TO_CREATE);
        if (judgement.verdict().optedOut()) {
            return Optional.empty();
        }
        if (!company.contested() && keeps(stored, judgement.verdict())) {
            rows.looked(stored.no(), sequence.usableCount());
            if (stored.person().isPresent()) {
                keep(stored, sequence, template, stored.person());
            }
            return Optional.empty();
        }
        OptionalLong person = person(stored, judgement.verdict());
        rows.claim(stored.no(), sequence, judgement, person);
        if (person.isPresent()) {
            keep(stored, sequence, template, person);
        } else {
            gallery.drop(stored.no());
        }
        unlink(stored, sequence, person);
        leave(stored, person);
        return Optional.of(judgement);
    }

    private void keep(SequenceRows.Stored stored, Sequence sequence, Template template, OptionalLong person)
            throws SQLException {
        gallery.keep(stored.no(), sequence.id(), template, person, seals.of(sequence.id()));
    }

    /** Nothing better is known than what was said. */
    private static boolean keeps(SequenceRows.Stored stored, Verdict verdict) {
        return switch (verdict.decision()) {
            case RECOGNISED -> stored.person().equals(verdict.person());
            case NEW -> stored.founder();
            case UNDECIDED, UNUSABLE -> stored.said();
        };
    }

    /**
     * What was decided on a closed sequence.
     *
     * @param judgement how
     * @param person whose it is
     * @param persons in the gallery afterwards
     * @param impostors similarities to sequences that certainly are somebody else's
     * @param within how alike its own faces are, where it was compared
     */
    record Closed(
            Judgement judgement, OptionalLong person, long persons, List<Double> impostors, OptionalDouble within) {
        /** Whether nothing of it is to be kept. */
        boolean optedOut() {
            return judgement.verdict().optedOut();
        }

        Closed with(OptionalDouble within) {
            return new Closed(judgement, person, persons, impostors, within);
        }
    }

    /**
     * Decides on a closed sequence.
     *
     * @param template empty when no face was usable
     */
    Closed close(SequenceRows.Stored stored, Sequence sequence, Optional<Template> template) throws SQLException {
        if (template.isEmpty()) {
            return close(stored, sequence, uncompared(stored, Decision.UNUSABLE), OptionalLong.empty(), List.of());
        }
        Company company = company(stored, sequence);
        Judgement judgement = judge(stored, sequence, template.get(), company, facesToCreate(sequence));
        Verdict verdict = judgement.verdict();
        if (verdict.optedOut()) {
            leave(stored, OptionalLong.empty());
            return new Closed(
                    judgement, OptionalLong.empty(), judgement.gallerySize(), List.of(), OptionalDouble.empty());
        }
        boolean another = verdict.person().isPresent() && !verdict.person().equals(stored.person());
        boolean founded = stored.founder() && !company.contested() && !another;
        OptionalLong person = founded ? stored.person() : person(stored, verdict);
        keep(stored, sequence, template.get(), person);
        List<Double> impostors = sequence.usableCount() < MatchPolicy.FACES_TO_RELY_ON
                ? List.of()
                : links.remember(stored.no(), sequence.id(), template.get(), person, MatchPolicy.FACES_TO_RELY_ON);
        return close(stored, sequence, founded ? judgement.with(verdict.asNew()) : judgement, person, impostors)
                .with(Similarity.within(template.get()));
    }

    private static int facesToCreate(Sequence sequence) {
        return MatchPolicy.facesToCreate(sequence.faceCount(), sequence.lastTimeMicros() - sequence.firstTimeMicros());
    }

    /** Stores a closed sequence without a comparison: the thresholds are another pack's. */
    Closed closeUncompared(SequenceRows.Stored stored, Sequence sequence, Template template) throws SQLException {
        keep(stored, sequence, template, OptionalLong.empty());
        return close(stored, sequence, uncompared(stored, Decision.UNDECIDED), OptionalLong.empty(), List.of());
    }

    private Judgement uncompared(SequenceRows.Stored stored, Decision decision) throws SQLException {
        return new Judgement(Verdict.uncompared(decision), gallery.size(stored.no()), "", 0);
    }

    private Closed close(
            SequenceRows.Stored stored,
            Sequence sequence,
            Judgement judgement,
            OptionalLong person,
            List<Double> impostors)
            throws SQLException {
        rows.close(stored.no(), sequence, judgement, person);
        unlink(stored, sequence, person);
        leave(stored, person);
        boolean founder = judgement.verdict().decision() == Decision.NEW;
        return new Closed(
                judgement, person, judgement.gallerySize() + (founder ? 1 : 0), impostors, OptionalDouble.empty());
    }

    /**
     * Who was seen with a sequence.
     *
     * @param persons whom it cannot be
     * @param contested whether its own provisional person is among them
     */
    private record Company(Set<Long> persons, boolean contested) {}

    /**
     * Two sequences that were given the same person before it was known that they are two people cannot both keep it
     * (I11): a decided one does, else the one with the stronger claim, the older of equal ones.
     */
    private Company company(SequenceRows.Stored stored, Sequence sequence) throws SQLException {
        List<CannotLink.Apart> apart = links.apart(sequence.id());
        boolean contested = apart.stream().anyMatch(other -> rivals(stored, other) && !stronger(stored, other));
        Set<Long> persons = new HashSet<>();
        for (CannotLink.Apart other : apart) {
            if (rivals(stored, other) && !contested) {
                rows.revoke(other.no());
                gallery.drop(other.no());
            } else {
                persons.add(other.person());
            }
        }
        return new Company(persons, contested);
    }

    private static boolean rivals(SequenceRows.Stored stored, CannotLink.Apart other) {
        return stored.person().equals(OptionalLong.of(other.person()));
    }

    private static boolean stronger(SequenceRows.Stored stored, CannotLink.Apart other) {
        return !other.decided()
                && (stored.claim() > other.claim() || (stored.claim() == other.claim() && stored.no() < other.no()));
    }

    /** Searches without a lock, and again under it when a person is to be created: somebody may just have done so. */
    private Judgement judge(
            SequenceRows.Stored stored, Sequence sequence, Template template, Company company, int facesToCreate)
            throws SQLException {
        Judgement judgement = compare(stored, sequence, template, company, facesToCreate);
        boolean creating = judgement.verdict().decision() == Decision.NEW && (!stored.founder() || company.contested());
        if (creating) {
            gallery.lockCreation();
            judgement = compare(stored, sequence, template, company, facesToCreate);
        }
        if (judgement.verdict().person().isPresent() && !judgement.verdict().optedOut()) {
            gallery.hold(judgement.verdict().person().getAsLong());
        }
        return judgement;
    }

    private Judgement compare(
            SequenceRows.Stored stored, Sequence sequence, Template template, Company company, int facesToCreate)
            throws SQLException {
        long persons = gallery.size(stored.no());
        MatchThresholds here = thresholds.at(persons);
        List<Candidate> near = new ArrayList<>(gallery.near(template, stored.no(), company.persons()));
        near.addAll(optOuts.near(template, gallery.pack()));
        List<Candidate> comparable = comparable(near, persons);
        Verdict verdict =
                new MatchPolicy(here).decide(sequence.usableCount(), facesToCreate, comparable, company.persons());
        return new Judgement(verdict, persons, here.calibration(), offset(near, comparable));
    }

    /** What was taken off the nearest. */
    private static double offset(List<Candidate> near, List<Candidate> comparable) {
        return IntStream.range(0, near.size())
                .boxed()
                .max(Comparator.comparingDouble(i -> comparable.get(i).similarity()))
                .map(i -> near.get(i).similarity() - comparable.get(i).similarity())
                .orElse(0.0);
    }

    /** Candidates with the similarities that this probe would have, were it a probe like any other. */
    private List<Candidate> comparable(List<Candidate> candidates, long persons) {
        if (thresholds.cohort().isEmpty()) {
            return candidates;
        }
        double[] adjusted = thresholds
                .cohort()
                .get()
                .adjust(candidates.stream().mapToDouble(Candidate::similarity).toArray(), persons);
        return IntStream.range(0, adjusted.length)
                .mapToObj(i -> candidates.get(i).adjusted(adjusted[i]))
                .toList();
    }

    private OptionalLong person(SequenceRows.Stored stored, Verdict verdict) throws SQLException {
        return verdict.decision() == Decision.NEW ? OptionalLong.of(gallery.create(stored.no())) : verdict.person();
    }

    /** Nobody has said anything of a sequence that was nobody's all along. */
    private void unlink(SequenceRows.Stored stored, Sequence sequence, OptionalLong person) throws SQLException {
        if (stored.said() && (person.isEmpty() || !person.equals(stored.person()))) {
            hands.unlink(sequence.id(), person);
        }
    }

    private void leave(SequenceRows.Stored stored, OptionalLong person) throws SQLException {
        if (stored.founder() && !stored.person().equals(person)) {
            gallery.abandon(stored.person().getAsLong(), person);
        }
    }
}
