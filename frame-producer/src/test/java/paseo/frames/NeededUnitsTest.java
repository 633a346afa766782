package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeededUnitsTest {
    private final NeededUnits needed = new NeededUnits();
    private final List<String> sent = new ArrayList<>();

    @Test
    void whatNothingOfInterestFollowsIsLeftOut() {
        add("I0", "p1", "p2!", "p3", "p4", "I5!", "p6", "I7", "p8", "p9!");
        assertThat(sent).containsExactly("0 support", "1 support", "2", "5", "7 support", "8 support", "9");
    }

    @Test
    void aPictureThatIsShownBeforeItsKeyPictureNeedsTheGroupBefore() {
        add("I0", "p3", "b1", "b2", "I6!", "b4", "b5!", "p7!");
        assertThat(sent)
                .containsExactly("0 support", "3 support", "1 support", "2 support", "6", "4 support", "5", "7");
    }

    @Test
    void ofAGroupThatWasSentInPartOnlyTheRestIsNeeded() {
        add("I0!", "p1", "I4", "b2", "b3!");
        assertThat(sent).containsExactly("0", "1 support", "4 support", "2 support", "3");
    }

    @Test
    void withoutSuchAPictureTheGroupBeforeIsNotNeeded() {
        add("I0", "p1", "I4", "b2", "b3", "p5!");
        assertThat(sent).containsExactly("4 support", "2 support", "3 support", "5");
    }

    @Test
    void whatIsNotShownDecidesNothing() {
        add("I0", "p1", "I4!", "p-1", "b3!", "p5");
        assertThat(sent).containsExactly("0 support", "1 support", "4", "-1 support", "3");
    }

    /** A kind, a number in the order of showing, and a mark for what is of interest. */
    private void add(String... units) {
        for (String unit : units) {
            boolean taken = unit.endsWith("!");
            long number = Long.parseLong(unit.replaceAll("[Ipb!]", ""));
            note(needed.add(unit(unit.charAt(0) == 'I', number, taken), !taken));
        }
        note(needed.end());
    }

    private void note(List<NeededUnits.Needed> units) {
        units.forEach(one -> sent.add(one.unit().number() + (one.support() ? " support" : "")));
    }

    private static UnitReader.Unit unit(boolean key, long number, boolean taken) {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        return new UnitReader.Unit(nothing, "h264", nothing, key, 0, 0, number, 0, taken, -1, 0);
    }
}
