package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Detections;
import paseo.events.Sequence;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;
import paseo.events.Topics;

/** What holds for every scene. */
class TrackerPropertiesTest {
    @ParameterizedTest
    @ValueSource(ints = {5, 12, 25})
    void holdsForEveryCrowd(int framesPerSecond) {
        for (int seed = 0; seed < 12; seed++) {
            check(track(Scenes.crowd(seed, 2 + seed % 6, 15 * framesPerSecond, framesPerSecond)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 25})
    void givesTheSameBytesForTheSameRecords(int framesPerSecond) {
        for (int seed = 0; seed < 4; seed++) {
            List<Detections> records = Scenes.crowd(seed, 5, 10 * framesPerSecond, framesPerSecond);
            assertThat(bytes(track(records))).isEqualTo(bytes(track(records)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 25})
    void goesOnFromASavedStateAsIfNothingHadHappened(int framesPerSecond) {
        for (int seed = 0; seed < 3; seed++) {
            List<Detections> records = Scenes.crowd(seed, 5, 6 * framesPerSecond, framesPerSecond);
            CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
            List<SequenceEvent> events = new ArrayList<>();
            for (Detections record : records) {
                sessions = Scenes.savedAndLoaded(sessions);
                events.addAll(accept(sessions, record));
            }
            assertThat(bytes(events)).isEqualTo(bytes(track(records)));
        }
    }

    private static void check(List<SequenceEvent> events) {
        Set<Sequence.Member> members = new HashSet<>();
        Map<UUID, Set<Long>> framesOf = new HashMap<>();
        Map<UUID, Integer> revisions = new HashMap<>();
        Map<UUID, Sequence> closed = new LinkedHashMap<>();
        for (SequenceEvent event : events.subList(0, events.size() - 1)) {
            Sequence sequence = (Sequence) event;
            int revision = revisions.merge(sequence.id(), 1, Integer::sum) - 1;
            assertThat(sequence.revision()).isEqualTo(revision);
            assertThat(sequence.phase() == Phase.OPENED).isEqualTo(revision == 0);
            assertThat(closed).doesNotContainKey(sequence.id());
            assertThat(sequence.seenWith()).isSorted().doesNotContain(sequence.id());
            assertThat(sequence.template() == null).isEqualTo(sequence.usableCount() == 0);
            for (Sequence.Member member : sequence.newMembers()) {
                assertThat(members.add(member))
                        .as("%s belongs to one sequence", member)
                        .isTrue();
                assertThat(framesOf.computeIfAbsent(sequence.id(), id -> new HashSet<>())
                                .add(member.frame()))
                        .as("one face of frame %d", member.frame())
                        .isTrue();
            }
            if (sequence.phase() == Phase.CLOSED) {
                closed.put(sequence.id(), sequence);
            }
        }
        assertThat(closed.keySet()).isEqualTo(revisions.keySet());
        List<UUID> order = List.copyOf(closed.keySet());
        closed.forEach((id, sequence) -> {
            assertThat(framesOf.get(id)).hasSize(sequence.faceCount());
            for (UUID other : sequence.seenWith()) {
                Sequence otherSequence = closed.get(other);
                // Whoever is closed last knows of both.
                if (otherSequence != null && order.indexOf(other) > order.indexOf(id)) {
                    assertThat(otherSequence.seenWith()).contains(id);
                }
            }
        });
        assertThat(events.get(events.size() - 1)).isInstanceOf(SequenceEvent.SessionEnded.class);
    }

    private static List<SequenceEvent> track(List<Detections> records) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, TrackerParameters.standard());
        return records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }

    private static List<SequenceEvent> accept(CameraSessions sessions, Detections record) {
        return sessions.accept(record, 0) instanceof CameraSessions.Outcome.Accepted accepted
                ? accepted.events()
                : List.of();
    }

    private static List<List<Byte>> bytes(List<SequenceEvent> events) {
        List<List<Byte>> all = new ArrayList<>();
        for (SequenceEvent event : events) {
            List<Byte> bytes = new ArrayList<>();
            for (byte b : Topics.SEQUENCES.codec().encode(event)) {
                bytes.add(b);
            }
            all.add(bytes);
        }
        return all;
    }
}
