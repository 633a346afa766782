package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class SilhouettesTest {
    private record Member(int id, long person, Embedding centre) {}

    @Test
    void agreesWithTheDefinitionPairByPair() {
        Random random = new Random(3);
        List<Member> members = new ArrayList<>();
        for (long person = 1; person <= 5; person++) {
            float[] direction = gaussian(random, 16);
            for (int i = 0; i < person; i++) {
                float[] around = gaussian(random, 16);
                for (int d = 0; d < around.length; d++) {
                    around[d] = direction[d] + 0.7f * around[d];
                }
                members.add(new Member(members.size(), person, Embedding.normalised(around)));
            }
        }

        Map<Long, Cohesion> cohesions = cohesions(members);

        for (long person = 2; person <= 5; person++) {
            assertThat(of(cohesions, person).silhouette().orElseThrow())
                    .isCloseTo(byDefinition(person, members), within(1e-6));
        }
        assertThat(of(cohesions, 1).silhouette()).isEmpty();
    }

    @Test
    void aPersonAloneHasNoNeighbour() {
        Member alone = new Member(0, 1, Embedding.normalised(new float[] {1, 0}));

        assertThat(of(cohesions(List.of(alone, alone)), 1)).isEqualTo(Cohesion.UNKNOWN);
    }

    @Test
    void namesTheNearestOther() {
        Map<Long, Cohesion> cohesions = cohesions(List.of(
                new Member(1, 1, Embedding.normalised(new float[] {1, 0})),
                new Member(2, 2, Embedding.normalised(new float[] {0, 1})),
                new Member(3, 3, Embedding.normalised(new float[] {1, 1}))));

        assertThat(of(cohesions, 1).nearest()).hasValue(3);
        assertThat(of(cohesions, 1).similarity().orElseThrow()).isCloseTo(Math.sqrt(0.5), within(1e-6));
    }

    private static Map<Long, Cohesion> cohesions(List<Member> members) {
        Silhouettes silhouettes = new Silhouettes();
        members.forEach(member -> silhouettes.add(member.person(), member.centre()));
        return silhouettes.cohesions();
    }

    private static Cohesion of(Map<Long, Cohesion> cohesions, long person) {
        return Objects.requireNonNull(cohesions.get(person));
    }

    private static double byDefinition(long person, List<Member> members) {
        return members.stream()
                .filter(member -> member.person() == person)
                .mapToDouble(member -> {
                    double own = meanDistance(member, person, members);
                    double nearest = members.stream()
                            .mapToLong(Member::person)
                            .filter(other -> other != person)
                            .mapToDouble(other -> meanDistance(member, other, members))
                            .min()
                            .orElseThrow();
                    return (nearest - own) / Math.max(own, nearest);
                })
                .average()
                .orElseThrow();
    }

    private static double meanDistance(Member from, long person, List<Member> members) {
        return members.stream()
                .filter(member -> member.person() == person && member.id() != from.id())
                .mapToDouble(member -> 1 - from.centre().similarity(member.centre()))
                .average()
                .orElseThrow();
    }

    private static float[] gaussian(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
