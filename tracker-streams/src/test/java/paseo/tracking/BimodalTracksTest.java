package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Phase;

/** Tracks that go on in the same place with a face that is not quite the same: a turned head, or somebody else. */
class BimodalTracksTest {
    private static final long STEP = 100_000;
    private static final int CHANGE = 12;
    private static final Box BOX = new Box(100, 200, 40, 48);

    /** Persons so alike that a single face of one is no contradiction to the other: the noise is as large as that. */
    private static final double RESEMBLANCE = 0.3;

    private static final double NOISE = 0.8;

    @Test
    void neverMixesTwoPeopleWhoLookALittleAlike() {
        int splits = 0;
        int mixed = 0;
        for (int seed = 0; seed < 200; seed++) {
            List<Sequence> events = follow(twoPeople(seed, CHANGE));
            for (Set<Long> frames : framesOf(events).values()) {
                long late = frames.stream().filter(frame -> frame >= CHANGE).count();
                long strangers = Math.min(late, frames.size() - late);
                assertThat(strangers).as("seed %d: %s", seed, frames).isLessThan(2);
                mixed += (int) strangers;
            }
            splits += events.stream()
                            .anyMatch(event -> event.phase() == Phase.OPENED
                                    && event.newMembers().size() >= 3)
                    ? 1
                    : 0;
        }
        // Now and then a face looks more like the other person's than like one's own. Without splitting there are 207.
        assertThat(mixed).isLessThan(5);
        // A part that was in doubt comes with all its faces at once.
        assertThat(splits).isGreaterThan(10);
    }

    @Test
    void endsTheSequenceBeforeTheChange() {
        for (int seed = 0; seed < 100; seed++) {
            List<Sequence> closed = follow(twoPeople(seed, CHANGE)).stream()
                    .filter(event -> event.phase() == Phase.CLOSED)
                    .toList();
            assertThat(closed.get(0).lastFrame()).isLessThanOrEqualTo(CHANGE);
            assertThat(closed.get(0).closeReason()).isIn(CloseReason.AMBIGUOUS, CloseReason.LEFT_VIEW);
            assertThat(closed.get(closed.size() - 1).lastFrame()).isEqualTo(2 * CHANGE - 1);
        }
    }

    @Test
    void followsAPersonWhoTurnsAndTurnsBack() {
        int whole = 0;
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            float[] front = Scenes.person(seed);
            float[] side = between(front, Scenes.person(1_000 + seed), 0.7);
            List<Detections> records = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                float[] seen = i >= 10 && i < 20 ? side : front;
                records.add(Scenes.frame(i, i * STEP, Scenes.usable(BOX, Scenes.face(seen, 0.5, random))));
            }
            records.add(Scenes.heartbeat(State.ENDED, 29, 29 * STEP));
            Map<UUID, Set<Long>> frames = framesOf(follow(records));
            whole += frames.size() == 1 && frames.values().iterator().next().size() == 30 ? 1 : 0;
        }
        assertThat(whole).isGreaterThan(45);
    }

    @Test
    void saysNothingOfFacesInDoubt() {
        List<Detections> records = twoPeople(3, CHANGE);
        for (int last = 0; last < records.size(); last++) {
            CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
            List<Sequence> events = new ArrayList<>();
            records.subList(0, last + 1).forEach(record -> events.addAll(accept(sessions, record)));
            sessions.current()
                    .ifPresent(tracker -> tracker.tracks().stream()
                            .map(Track::branch)
                            .forEach(branch -> {
                                if (branch != null) {
                                    assertThat(events.stream().flatMap(event -> event.newMembers().stream()))
                                            .doesNotContainAnyElementsOf(branch.pending);
                                }
                            }));
        }
    }

    @Test
    void goesOnFromASavedDoubt() {
        int doubts = 0;
        for (int seed = 0; seed < 20; seed++) {
            List<Detections> records = twoPeople(seed, CHANGE);
            CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
            List<Sequence> events = new ArrayList<>();
            for (Detections record : records) {
                sessions = Scenes.savedAndLoaded(sessions);
                doubts += sessions.current()
                        .map(tracker ->
                                tracker.parts().size() - tracker.tracks().size())
                        .orElse(0);
                events.addAll(accept(sessions, record));
            }
            assertThat(events).isEqualTo(follow(records));
        }
        assertThat(doubts).isPositive();
    }

    private static List<Detections> twoPeople(long seed, int framesEach) {
        Random random = new Random(seed);
        float[] first = Scenes.person(seed);
        float[] second = between(first, Scenes.person(1_000 + seed), RESEMBLANCE);
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 2 * framesEach; i++) {
            float[] face = Scenes.face(i < framesEach ? first : second, NOISE, random);
            records.add(Scenes.frame(i, i * STEP, Scenes.usable(BOX, face)));
        }
        int last = records.size() - 1;
        records.add(Scenes.heartbeat(State.ENDED, last, last * STEP));
        return records;
    }

    /** A direction with this cosine to the first one. */
    private static float[] between(float[] first, float[] second, double cosine) {
        double common = Vectors.similarity(first, second);
        float[] between = new float[first.length];
        double sine = Math.sqrt((1 - cosine * cosine) / (1 - common * common));
        for (int i = 0; i < first.length; i++) {
            between[i] = (float) (cosine * first[i] + sine * (second[i] - common * first[i]));
        }
        return Embedding.normalised(between).toArray();
    }

    private static List<Sequence> follow(List<Detections> records) {
        CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        return records.stream()
                .flatMap(record -> accept(sessions, record).stream())
                .toList();
    }

    private static List<Sequence> accept(CameraSessions sessions, Detections record) {
        return sessions.accept(record, 0) instanceof CameraSessions.Outcome.Accepted accepted
                ? accepted.events().stream()
                        .filter(Sequence.class::isInstance)
                        .map(Sequence.class::cast)
                        .toList()
                : List.of();
    }

    private static Map<UUID, Set<Long>> framesOf(List<Sequence> events) {
        Map<UUID, Set<Long>> frames = new HashMap<>();
        for (Sequence event : events) {
            event.newMembers()
                    .forEach(member -> frames.computeIfAbsent(event.id(), id -> new HashSet<>())
                            .add(member.frame()));
        }
        return frames;
    }
}
