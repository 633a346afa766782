package paseo.evaluation.methods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.Probe;

class SearchesTest {
    private static final int DIMENSION = 64;

    @Test
    void eachSequenceMeetsThoseBeforeIt() {
        List<FaceSequence> sequences = List.of(
                Sequences.seen(1, 0, DIMENSION),
                Sequences.seen(2, 0, DIMENSION),
                Sequences.seen(1, 1, DIMENSION),
                Sequences.seen(3, 0, DIMENSION));

        List<Probe> probes = Searches.inOrder(sequences, VectorMethod.MEAN);

        assertThat(probes).extracting(Probe::person).containsExactly("p2", "p1", "p3");
        assertThat(probes).extracting(Probe::mated).containsExactly(false, true, false);
        assertThat(probes.get(1).own()).isGreaterThan(probes.get(1).other());
    }

    @Test
    void aStrangerDoesNotMeetThemself() {
        List<FaceSequence> people = IntStream.range(0, 20)
                .mapToObj(i -> Sequences.seen(i, 0, DIMENSION))
                .toList();

        List<Probe> strangers = Searches.against(people, people, true, VectorMethod.MEAN);
        List<Probe> known = Searches.against(people, people, false, VectorMethod.MEAN);

        assertThat(strangers).noneMatch(Probe::mated).allMatch(probe -> probe.other() < 0.9);
        assertThat(known).allMatch(probe -> probe.own() > 0.999);
    }
}
