package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import paseo.events.AccessUnit;
import paseo.events.Detections.Dropped;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Source;

class UnitSessionTest {
    /** A picture that was decoded but is not to be looked at. */
    private final List<String> released = new ArrayList<>();

    private final List<Fake> opened = new ArrayList<>();
    private final UnitSession<String> session = new UnitSession<>(this::open, released::add);

    /** Behind by one picture, in the order of the numbers; a unit of no bytes is damaged. */
    private static final class Fake implements UnitDecoder<String> {
        private final TreeSet<Long> inside = new TreeSet<>();
        private boolean closed;

        @Override
        public List<Shown<String>> decode(AccessUnit unit, long number) {
            if (unit.data().hasRemaining()) {
                inside.add(number);
            }
            return inside.size() > 1 ? List.of(next()) : List.of();
        }

        private Shown<String> next() {
            long first = Objects.requireNonNull(inside.pollFirst());
            return new Shown<>(first, "picture " + first);
        }

        @Override
        public List<Shown<String>> drain() {
            List<Shown<String>> rest = new ArrayList<>();
            while (!inside.isEmpty()) {
                rest.add(next());
            }
            return rest;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private UnitDecoder<String> open(AccessUnit key) {
        if (key.codec().equals("unknown")) {
            throw new UnreadablePictureException("access units coded as unknown");
        }
        Fake fake = new Fake();
        opened.add(fake);
        return fake;
    }

    @Test
    void picturesComeOutInTheOrderInWhichTheyAreShown() {
        assertThat(unit(10, 0, true, 0)).isEmpty();
        assertThat(unit(11, 1, false, 2)).containsExactly("0 picture 0");
        assertThat(unit(12, 2, false, 1)).containsExactly("1 picture 1");
        assertThat(last(13, 2)).containsExactly("2 picture 2", "heartbeat 2");
        assertThat(opened).singleElement().matches(decoder -> decoder.closed);
    }

    @Test
    void aHeartbeatWaitsForThePicturesBeforeIt() {
        unit(10, 0, true, 0);
        assertThat(beat(11, 0)).isEmpty();
        assertThat(unit(12, 1, false, 1)).containsExactly("0 picture 0", "heartbeat 0");
        assertThat(beat(13, 0)).containsExactly("heartbeat 0");
    }

    @Test
    void whatOnlySupportsComesOutNowhere() {
        unit(10, 0, true, 0);
        assertThat(show(session.unit(entry(11, 1, unit(1, false, true)), unit(1, false, true))))
                .containsExactly("0 picture 0");
        assertThat(unit(12, 2, false, 2)).isEmpty();
        assertThat(released).containsExactly("picture 1");
        assertThat(last(13, 2)).containsExactly("2 picture 2", "heartbeat 2");
    }

    @Test
    void afterAGapItWaitsForTheNextKeyPicture() {
        assertThat(unit(10, 5, false, 5)).containsExactly("5 NO_KEY_PICTURE");
        unit(11, 6, true, 6);
        assertThat(unit(12, 8, false, 8)).containsExactly("6 picture 6", "8 NO_KEY_PICTURE");
        assertThat(unit(13, 9, false, 9)).containsExactly("9 NO_KEY_PICTURE");
        assertThat(unit(14, 10, true, 10)).isEmpty();
        assertThat(last(15, 10)).containsExactly("10 picture 10", "heartbeat 10");
    }

    /** The producer stopped behind a picture that is shown after two that it had not sent yet. */
    @Test
    void whatIsSentAgainComesOutInTheOrderInWhichItIsShown() {
        unit(10, 0, true, 0);
        assertThat(unit(11, 1, false, 3)).containsExactly("0 picture 0");

        AccessUnit key = unit(0, true, true);
        assertThat(show(session.unit(entry(14, 0, key), key))).isEmpty();
        assertThat(opened).hasSize(2).first().matches(decoder -> decoder.closed);
        assertThat(session.from()).isEqualTo(OptionalLong.of(14));
        assertThat(unit(15, 1, false, 3)).isEmpty();
        assertThat(unit(16, 2, false, 1)).containsExactly("1 picture 1");
        assertThat(unit(17, 3, false, 2)).containsExactly("2 picture 2");
        assertThat(last(18, 3)).containsExactly("3 picture 3", "heartbeat 3");
    }

    /** It would tell of a picture that comes behind it. */
    @Test
    void aHeartbeatIsForgottenWithThePictureThatItWaitedFor() {
        unit(10, 0, true, 0);
        unit(11, 1, false, 1);
        assertThat(beat(12, 1)).isEmpty();
        AccessUnit key = unit(0, true, true);
        assertThat(show(session.unit(entry(13, 0, key), key))).isEmpty();
        assertThat(unit(14, 1, false, 1)).isEmpty();
        assertThat(last(15, 1)).containsExactly("1 picture 1", "heartbeat 1");
    }

    @Test
    void aDamagedUnitIsNamedWhenThePictureAfterItCame() {
        unit(10, 0, true, 0);
        AccessUnit damaged = new AccessUnit(ByteBuffer.allocate(0), "h264", ByteBuffer.allocate(0), false, 1, 1, false);
        assertThat(show(session.unit(entry(11, 1, damaged), damaged))).isEmpty();
        assertThat(unit(12, 2, false, 2)).containsExactly("0 picture 0");
        assertThat(last(13, 2)).containsExactly("1 UNREADABLE", "2 picture 2", "heartbeat 2");
    }

    /** It may have been the picture that came out by it. */
    @Test
    void aUnitThatKilledIsNotDecodedNorWhatIsInsideLookedAtNorWhatIsBehindItUntilAKeyPicture() {
        unit(10, 0, true, 0);
        AccessUnit second = unit(1, false, false);
        assertThat(show(session.unit(condemned(entry(11, 1, second)), second)))
                .containsExactly("0 UNREADABLE", "1 UNREADABLE");
        assertThat(opened).singleElement().matches(decoder -> decoder.closed);
        assertThat(session.from()).isEmpty();
        assertThat(unit(12, 2, false, 2)).containsExactly("2 NO_KEY_PICTURE");
        assertThat(unit(13, 3, true, 3)).isEmpty();
        assertThat(last(14, 3)).containsExactly("3 picture 3", "heartbeat 3");
    }

    @Test
    void theEndThatKilledDoesNotLookAtWhatIsInside() {
        unit(10, 0, true, 0);
        Heartbeat end = new Heartbeat(Heartbeat.State.ENDED, new Source("x", Source.Kind.FILE, 2, 2, 5, 0), "");
        assertThat(show(session.heartbeat(condemned(entry(11, 0, end)), end)))
                .containsExactly("0 UNREADABLE", "heartbeat 0");
    }

    private static FrameBatch.Entry condemned(FrameBatch.Entry entry) {
        FrameBatch batch = new FrameBatch();
        batch.add(entry.record(), entry.frame());
        return batch.condemned().entries().get(0);
    }

    @Test
    void aStreamThatCannotBeDecodedIsNotKept() {
        List<String> out = new ArrayList<>(unit(10, 0, true, 0));
        for (int i = 1; i <= 200; i++) {
            AccessUnit damaged =
                    new AccessUnit(ByteBuffer.allocate(0), "h264", ByteBuffer.allocate(0), false, i, 1, false);
            out.addAll(show(session.unit(entry(10 + i, i, damaged), damaged)));
        }
        assertThat(out).hasSizeGreaterThan(100).first().isEqualTo("0 UNREADABLE");
        out.addAll(last(300, 200));
        assertThat(out).hasSize(202).doesNotHaveDuplicates().last().isEqualTo("heartbeat 200");
    }

    @Test
    void anUnknownCodecIsUnreadable() {
        AccessUnit strange =
                new AccessUnit(ByteBuffer.allocate(1), "unknown", ByteBuffer.allocate(0), true, 0, 0, false);
        assertThat(show(session.unit(entry(10, 0, strange), strange))).containsExactly("0 UNREADABLE");
        assertThat(session.from()).isEmpty();
    }

    @Test
    void whoeverTakesOverBeginsAtTheKeyPictureOfWhatHasNotComeOut() {
        unit(10, 0, true, 0);
        assertThat(session.from()).isEqualTo(OptionalLong.of(10));
        unit(11, 1, false, 1);
        unit(12, 2, true, 2);
        assertThat(session.from()).as("2 is still inside").isEqualTo(OptionalLong.of(10));
        unit(13, 3, false, 3);
        assertThat(session.from()).isEqualTo(OptionalLong.of(12));
        last(14, 3);
        assertThat(session.from()).isEmpty();
    }

    /** An open group: what is shown before the key picture is decoded with its help and that of the group before. */
    @Test
    void whoeverTakesOverCanDecodeWhatIsShownBeforeTheKeyPicture() {
        unit(10, 0, true, 0);
        unit(11, 1, false, 1);
        assertThat(unit(12, 2, true, 4)).containsExactly("1 picture 1");
        assertThat(session.from()).isEqualTo(OptionalLong.of(10));
        assertThat(unit(13, 3, false, 2)).containsExactly("2 picture 2");
        assertThat(unit(14, 4, false, 3)).containsExactly("3 picture 3");
        assertThat(session.from()).isEqualTo(OptionalLong.of(10));
        assertThat(unit(15, 5, true, 6)).containsExactly("4 picture 4");
        assertThat(session.from()).isEqualTo(OptionalLong.of(12));
        assertThat(unit(16, 6, false, 5)).containsExactly("5 picture 5");
        assertThat(session.from()).isEqualTo(OptionalLong.of(12));
    }

    private List<String> unit(long offset, long position, boolean key, long number) {
        AccessUnit unit = unit(position, key, false);
        return show(session.unit(entry(offset, number, unit), unit));
    }

    private static AccessUnit unit(long position, boolean key, boolean support) {
        return new AccessUnit(ByteBuffer.allocate(1), "h264", ByteBuffer.allocate(0), key, position, 1, support);
    }

    private List<String> beat(long offset, long number) {
        return heartbeat(offset, number, Heartbeat.State.LIVE);
    }

    private List<String> last(long offset, long number) {
        return heartbeat(offset, number, Heartbeat.State.ENDED);
    }

    private List<String> heartbeat(long offset, long number, Heartbeat.State state) {
        Heartbeat heartbeat = new Heartbeat(state, new Source("x", Source.Kind.FILE, 2, 2, 5, 0), "");
        return show(session.heartbeat(entry(offset, number, heartbeat), heartbeat));
    }

    private static FrameBatch.Entry entry(long offset, long number, Frame.Content content) {
        Frame frame = new Frame(new FrameReference("door", 1, number, number * 40_000, 0), content);
        return new FrameBatch.Entry(new ConsumerRecord<>("frames", 0, offset, "door", new byte[0]), frame, false);
    }

    private static List<String> show(List<UnitSession.Step<String>> steps) {
        return steps.stream()
                .map(step -> {
                    long number = Objects.requireNonNull(step.entry().frame())
                            .reference()
                            .number();
                    if (step.picture() != null) {
                        return number + " " + step.picture();
                    }
                    return step.content() instanceof Dropped dropped
                            ? number + " " + dropped.reason()
                            : "heartbeat " + number;
                })
                .toList();
    }
}
