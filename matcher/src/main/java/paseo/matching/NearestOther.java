package paseo.matching;

import java.util.ArrayList;
import java.util.List;
import paseo.events.Embedding;

/**
 * Whose the sequence is that is most similar to each of some probes, itself left out: one pass over any number of
 * sequences, in the memory of the probes. Of equally similar ones the one with the lower number counts, so that the
 * order of the pass means nothing.
 */
final class NearestOther {
    private final List<Search> searches = new ArrayList<>();

    /**
     * A sequence.
     *
     * @param no its number
     * @param person whose it is
     * @param centre of its template
     */
    record Centre(long no, long person, Embedding centre) {}

    private static final class Search {
        final Centre probe;
        double similarity = Double.NEGATIVE_INFINITY;
        long no;
        long person;

        Search(Centre probe) {
            this.probe = probe;
        }

        void compare(Centre other) {
            if (probe.no() == other.no()) {
                return;
            }
            double found = probe.centre().similarity(other.centre());
            if (found > similarity || (found == similarity && other.no() < no)) {
                similarity = found;
                no = other.no();
                person = other.person();
            }
        }

        boolean foundItsOwn() {
            return similarity > Double.NEGATIVE_INFINITY && person == probe.person();
        }
    }

    /** Adds a probe, before the first sequence is compared. */
    void probe(Centre probe) {
        searches.add(new Search(probe));
    }

    /** Compares a sequence, which may be a probe itself, with all probes. */
    void compare(Centre other) {
        searches.forEach(search -> search.compare(other));
    }

    /** How many probes have found one of their own person. */
    int kept() {
        return (int) searches.stream().filter(Search::foundItsOwn).count();
    }
}
