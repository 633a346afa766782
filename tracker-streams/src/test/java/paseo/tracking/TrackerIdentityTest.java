package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;

/** Whose sequence a face goes on with: lost and found again, hidden, crossed, in doubt. */
class TrackerIdentityTest extends TrackerScenario {
    /** At a cut a stranger stands near where somebody stood whose face cannot be compared. */
    @Test
    void joinsAFaceThatCannotBeComparedOnlyWhereItMustBe() {
        for (boolean knownFirst : new boolean[] {true, false}) {
            List<Detections> records = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                boolean second = i >= 10;
                Box box = second ? new Box(117, 180, 64, 84) : new Box(100, 200, 48, 64);
                Face face = second == knownFirst
                        ? Scenes.unusable(box, 0.9f)
                        : Scenes.usable(box, Scenes.face(anna, 0.6, random));
                records.add(Scenes.frame(i, i * STEP, face));
            }
            records.add(Scenes.heartbeat(State.ENDED, 19, 20 * STEP));
            assertThat(sequences(track(records)).stream().filter(event -> event.phase() == Phase.CLOSED))
                    .extracting(Sequence::firstFrame, Sequence::lastFrame)
                    .containsExactlyInAnyOrder(tuple(0L, 9L), tuple(10L, 19L));
        }
    }

    /** The same, but the faces after it say that it was the person before. */
    @Test
    void keepsAFaceThatCannotBeComparedWhereTheNextOneTells() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            Box box = i < 10 ? new Box(100, 200, 48, 64) : new Box(117, 180, 64, 84);
            boolean turned = i >= 10 && i < 13;
            records.add(Scenes.frame(
                    i,
                    i * STEP,
                    turned ? Scenes.unusable(box, 0.9f) : Scenes.usable(box, Scenes.face(anna, 0.6, random))));
        }
        records.add(Scenes.heartbeat(State.ENDED, 20, 21 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactly(tuple(0L, 20L, 21));
    }

    @Test
    void findsAPersonAgainAfterAShortOcclusion() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean hidden = i >= 15 && i < 30;
            records.add(hidden ? Scenes.frame(i, i * STEP) : Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        assertThat(closed(track(records))).hasSize(1);
    }

    /** The next shot begins where the last one ended, with somebody else in the same place. */
    @Test
    void neverGoesOnWithAnotherPersonAfterACut() {
        for (int gap : new int[] {0, 6, 13}) {
            List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
            for (int i = 0; i < gap; i++) {
                records.add(Scenes.frame(10 + i, (10 + i) * STEP));
            }
            records.addAll(walk(bruno, 10 + gap, 10));
            records.add(Scenes.heartbeat(State.ENDED, 19 + gap, (20 + gap) * STEP));
            List<Sequence> closed = closed(track(records));
            assertThat(closed).as("gap %d", gap).hasSize(2);
            assertThat(closed.get(0).lastFrame()).isEqualTo(9);
            assertThat(closed.get(1).firstFrame()).isEqualTo(10 + gap);
            assertThat(closed.get(1).seenWith()).isEmpty();
        }
    }

    @Test
    void endsASequenceThatIsContradictedTwiceUnlessThePersonComesBack() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 3));
        assertThat(closed(track(records))).isEmpty();
        records.add(Scenes.heartbeat(State.LIVE, 12, 9 * STEP + 1_000_001));
        assertThat(closed(track(records))).extracting(Sequence::closeReason).containsExactly(CloseReason.AMBIGUOUS);
    }

    @Test
    void findsAPersonAgainWhoWasHiddenBehindAnother() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 5));
        records.addAll(walk(anna, 15, 10));
        records.add(Scenes.heartbeat(State.ENDED, 24, 25 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactlyInAnyOrder(tuple(0L, 24L, 20), tuple(10L, 14L, 5));
    }

    /** Where somebody known just was, two faces that are not theirs may be anything: a box over two heads, for one. */
    @Test
    void saysNothingOfAScrapWhereSomebodyKnownWas() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 2));
        records.addAll(walk(anna, 12, 10));
        records.add(Scenes.heartbeat(State.ENDED, 21, 22 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactly(tuple(0L, 21L, 20));
    }

    /**
     * Three faces are enough for a sequence, but not to say that it is nobody who was there before: that takes 0.2 s.
     */
    @Test
    void announcesANewcomerWhereSomebodyWasLostWhenItsFacesTell() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 10));
        assertThat(sequences(track(records)).stream().filter(event -> event.phase() == Phase.OPENED))
                .extracting(Sequence::usableCount)
                .containsExactly(3, 6);
    }

    /** A face that cannot be compared is not simply the lost one's when somebody else's was just seen in that place. */
    @Test
    void givesNoFaceThatCannotBeComparedToSomebodyContradicted() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 1));
        for (int i = 11; i < 20; i++) {
            records.add(Scenes.frame(i, i * STEP, Scenes.unusable(box(100, 200), 0.9f)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 19, 20 * STEP));
        assertThat(closed(track(records)).stream().filter(sequence -> sequence.firstFrame() == 0))
                .extracting(Sequence::lastFrame)
                .containsExactly(9L);
    }

    @Test
    void survivesOneSpoiltFace() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 1));
        records.addAll(walk(anna, 11, 10));
        records.add(Scenes.heartbeat(State.ENDED, 20, 21 * STEP));
        assertThat(closed(track(records))).hasSize(1);
    }

    @Test
    void tellsPeopleWhoCrossApartByTheirFaces() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 10 * i, 200), seen(bruno, 490 - 10 * i, 205)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        List<Sequence> closed = closed(track(records));
        assertThat(closed).hasSize(2);
        assertThat(closed.get(0).seenWith()).containsExactly(closed.get(1).id());
        assertThat(closed.get(1).seenWith()).containsExactly(closed.get(0).id());
    }

    /** Two known people meet; then one face comes out of it that nobody can recognise. */
    @Test
    void givesAFaceThatEitherCouldBeToNeither() {
        List<Detections> records = meet();
        records.add(Scenes.heartbeat(State.ENDED, 21, 22 * STEP));
        List<Sequence> closed = closed(track(records));
        assertThat(closed)
                .hasSize(2)
                .allSatisfy(sequence -> assertThat(sequence.lastFrame()).isLessThan(20));
        assertThat(closed)
                .extracting(Sequence::closeReason)
                .containsExactlyInAnyOrder(CloseReason.AMBIGUOUS, CloseReason.SESSION_ENDED);
    }

    /** The same, and then their faces are seen again. */
    @Test
    void waitsForTheFaceThatTellsWhoIsWho() {
        List<Detections> records = meet();
        for (int i = 22; i < 40; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200), seen(bruno, 260 - 4 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        List<SequenceEvent> events = track(records);
        assertThat(closed(events))
                .extracting(Sequence::firstFrame, Sequence::lastFrame)
                .containsExactly(tuple(0L, 39L), tuple(0L, 39L));
        assertThat(sequences(events).stream()
                        .flatMap(event -> event.newMembers().stream()
                                .filter(member -> member.frame() < 20 || member.frame() > 21)
                                .map(member -> event.track() + "/" + member.faceIndex()))
                        .distinct())
                .containsExactlyInAnyOrder("0/0", "1/1");
    }

    private List<Detections> meet() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200), seen(bruno, 260 - 4 * i, 200)));
        }
        records.add(Scenes.frame(20, 20 * STEP, Scenes.unusable(box(180, 200), 0.8f)));
        records.add(Scenes.frame(21, 21 * STEP, Scenes.unusable(box(180, 200), 0.8f)));
        return records;
    }
}
