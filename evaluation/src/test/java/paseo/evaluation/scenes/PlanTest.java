package paseo.evaluation.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import paseo.evaluation.scenes.Photographs.Photograph;

/** Who comes when, without drawing anything. */
class PlanTest {
    /** As in the photographs that the presets are made for: two people of three have one photograph only. */
    private static List<Photograph> archive(int people) {
        List<Photograph> photographs = new ArrayList<>();
        for (int person = 0; person < people; person++) {
            int number = person % 3 == 0 ? 2 + person % 4 : 1;
            for (int i = 0; i < number; i++) {
                photographs.add(new Photograph("p" + person, i + ".jpg", ByteBuffer.allocate(0)));
            }
        }
        return photographs;
    }

    private static List<Appearance> all(List<List<Appearance>> plan) {
        return plan.stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everybodyComesAsOftenAsAskedForAndNeverWithTheSamePhotograph(Preset preset) {
        SceneSettings settings = preset.settings(11);
        List<Appearance> all = all(Scenes.plan(archive(900), settings));
        assertThat(all).hasSize(settings.people() + settings.returns());
        assertThat(all.stream().map(one -> one.photograph().person()).distinct())
                .hasSize(settings.people());
        assertThat(all.stream().map(Appearance::photograph).distinct()).hasSameSizeAs(all);
        assertThat(all.stream().map(Appearance::track).distinct()).hasSameSizeAs(all);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void nobodyIsInThePictureTwiceAndMostReturnsAreOnAnotherCamera(Preset preset) {
        SceneSettings settings = preset.settings(12);
        Map<String, Appearance> last = new HashMap<>();
        int sameVideo = 0;
        for (Appearance next : all(Scenes.plan(archive(900), settings))) {
            Appearance before = last.put(next.photograph().person(), next);
            if (before != null && before.video() == next.video()) {
                assertThat(next.start()).isGreaterThan(before.end() + 1);
                sameVideo++;
            }
        }
        assertThat(sameVideo).isLessThan(settings.returns() * 3 / 10);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void soManyFacesAreInView(Preset preset) {
        SceneSettings settings = preset.settings(13);
        double faces = 0;
        double seconds = 0;
        for (List<Appearance> video : Scenes.plan(archive(900), settings)) {
            double end = video.get(video.size() - 1).start();
            for (double time = 4; time < end; time += 0.5) {
                double now = time;
                faces += video.stream()
                        .filter(one -> inPicture(one, now, settings))
                        .count();
                seconds += 1;
            }
        }
        assertThat(faces / seconds).isBetween((double) settings.fewestInView() - 0.3, (double) settings.mostInView());
    }

    private static boolean inPicture(Appearance one, double now, SceneSettings settings) {
        if (now < one.start() || now > one.end()) {
            return false;
        }
        Pose pose = one.walk().at(now - one.start());
        return pose.x() > 0 && pose.x() < settings.width();
    }

    @Test
    void theShareOfUnrecognisableAppearancesIsThePresets() {
        List<Appearance> all = all(Scenes.plan(archive(900), Preset.STREET.settings(14)));
        long bad = all.stream().filter(one -> one.flaw() != Flaw.NONE).count();
        assertThat(bad / (double) all.size()).isBetween(0.02, 0.09);
        assertThat(all(Scenes.plan(archive(900), Preset.EASY.settings(14)))).allMatch(one -> one.flaw() == Flaw.NONE);
    }

    @Test
    void anotherSeedIsAnotherCastAndOtherPhotographsAreOtherPeople() {
        List<Photograph> photographs = archive(900);
        Set<String> one = people(photographs, 1);
        assertThat(people(photographs, 2)).isNotEqualTo(one);
        List<Photograph> others = photographs.stream()
                .filter(photo -> !one.contains(photo.person()))
                .toList();
        assertThat(people(others, 1)).doesNotContainAnyElementsOf(one);
    }

    private static Set<String> people(List<Photograph> photographs, long seed) {
        return all(Scenes.plan(photographs, Preset.EASY.settings(seed))).stream()
                .map(appearance -> appearance.photograph().person())
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void fewPhotographsMakeASmallerScene() {
        List<Appearance> all = all(Scenes.plan(archive(30), Preset.STREET.settings(1)));
        assertThat(all.stream().map(one -> one.photograph().person()).distinct())
                .hasSize(30);
        assertThat(all.size()).isBetween(31, 60);
        // Of four people two have several photographs; in one video each comes back once at most.
        assertThat(all(Scenes.plan(archive(4), Preset.EASY.settings(1).withVideos(1))))
                .hasSize(6);
    }
}
