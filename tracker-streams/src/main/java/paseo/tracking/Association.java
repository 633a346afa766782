package paseo.tracking;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which detection of a frame continues which track. First the confident detections against all tracks, then the weak
 * ones against the tracks that were left over (ByteTrack, arXiv 2110.06864: a weak detection where a person is expected
 * is that person, anywhere else it is noise).
 *
 * @param pairs what belongs together
 * @param unsure tracks that competed so closely for a detection that either could be right, and those whose detection
 *     is only {@link Link.Kind#VAGUE}
 * @param contradicted tracks where someone else's face is now
 */
record Association(Map<Track, Candidate> pairs, Set<Track> unsure, Set<Track> contradicted) {
    /** One likely pair is worth more than two that are just within the limit. */
    private static final double BENEFIT_OF_ANY = Link.LIMIT + 1;

    /** A look-alike found again beyond the limit is still worth something. */
    private static final double LEAST_BENEFIT = 0.1;

    /** Two explanations whose likelihoods differ by less than a factor of e can't be told apart. */
    private static final double CLOSE = 2;

    static Association of(List<Track> tracks, List<Candidate> candidates, long time, double contradiction) {
        List<Candidate> confident =
                candidates.stream().filter(Candidate::confident).toList();
        Links links = new Links(tracks, confident, time, contradiction);
        Set<Track> unsure = links.ambiguous();
        unsure.addAll(links.vague());
        Map<Track, Candidate> pairs = links.pairs();

        List<Track> left = tracks.stream()
                .filter(track -> !pairs.containsKey(track) && track.state.confirmed)
                .toList();
        List<Candidate> weak =
                candidates.stream().filter(candidate -> !candidate.confident()).toList();
        pairs.putAll(new Links(left, weak, time, contradiction).pairs());
        return new Association(pairs, unsure, links.contradicted());
    }

    /** All links of some tracks with some candidates, and the best choice of them. */
    private static final class Links {
        private static final int NONE = -1;

        private final List<Track> tracks;
        private final List<Candidate> candidates;
        private final @Nullable Link[][] links;
        private final int[] candidateOf;

        Links(List<Track> tracks, List<Candidate> candidates, long time, double contradiction) {
            this.tracks = tracks;
            this.candidates = candidates;
            this.links = new Link[tracks.size()][candidates.size()];
            double[][] benefit = new double[tracks.size()][candidates.size()];
            for (int t = 0; t < tracks.size(); t++) {
                Motion predicted = tracks.get(t).motion().predict(time);
                for (int c = 0; c < candidates.size(); c++) {
                    links[t][c] = Link.between(tracks.get(t), predicted, candidates.get(c), contradiction);
                    benefit[t][c] =
                            Double.isInfinite(cost(t, c)) ? 0 : Math.max(LEAST_BENEFIT, BENEFIT_OF_ANY - cost(t, c));
                }
            }
            candidateOf = Assignment.best(benefit);
        }

        Map<Track, Candidate> pairs() {
            Map<Track, Candidate> pairs = new LinkedHashMap<>();
            for (int t = 0; t < tracks.size(); t++) {
                if (candidateOf[t] != NONE) {
                    pairs.put(tracks.get(t), candidates.get(candidateOf[t]));
                }
            }
            return pairs;
        }

        /** Tracks that stay without a face because the one in their place is someone else's. */
        Set<Track> contradicted() {
            Set<Track> contradicted = new LinkedHashSet<>();
            for (int t = 0; t < tracks.size(); t++) {
                for (int c = 0; c < candidates.size() && candidateOf[t] == NONE; c++) {
                    Link link = links[t][c];
                    if (link != null && !link.possible() && !continuesConfirmed(c)) {
                        contradicted.add(tracks.get(t));
                    }
                }
            }
            return contradicted;
        }

        private Set<Track> vague() {
            Set<Track> vague = new LinkedHashSet<>();
            for (int t = 0; t < tracks.size(); t++) {
                Link link = candidateOf[t] == NONE ? null : links[t][candidateOf[t]];
                if (link != null && link.kind() == Link.Kind.VAGUE) {
                    vague.add(tracks.get(t));
                }
            }
            return vague;
        }

        /** A face that another person's track goes on with explains itself: that person passes by. */
        private boolean continuesConfirmed(int c) {
            for (int t = 0; t < tracks.size(); t++) {
                if (candidateOf[t] == c && tracks.get(t).state.confirmed) {
                    return true;
                }
            }
            return false;
        }

        /**
         * Tracks of which one took a face that the other explains nearly as well, while no face says who it is. Tracks
         * without a usable face are no person's yet, so nothing can be mixed up.
         */
        Set<Track> ambiguous() {
            Set<Track> ambiguous = new LinkedHashSet<>();
            for (int t = 0; t < tracks.size(); t++) {
                for (int rival = 0; rival < tracks.size() && candidateOf[t] != NONE; rival++) {
                    if (rival != t && known(t, rival) && !told(t) && close(t, rival)) {
                        ambiguous.add(tracks.get(t));
                        ambiguous.add(tracks.get(rival));
                    }
                }
            }
            return ambiguous;
        }

        private boolean known(int t, int rival) {
            return !tracks.get(t).template.isEmpty()
                    || !tracks.get(rival).template.isEmpty();
        }

        private boolean told(int t) {
            Link link = links[t][candidateOf[t]];
            return link != null && link.kind() == Link.Kind.ALIKE;
        }

        /** Whether giving the face of one to the other, and the other's to the one, costs hardly more. */
        private boolean close(int t, int rival) {
            int c = candidateOf[t];
            int rivals = candidateOf[rival];
            double extra = cost(rival, c) - cost(t, c);
            if (rivals != NONE) {
                extra += cost(t, rivals) - cost(rival, rivals);
            }
            return extra < CLOSE;
        }

        private double cost(int t, int c) {
            Link link = links[t][c];
            return link == null || !link.possible() ? Double.POSITIVE_INFINITY : link.cost();
        }
    }
}
