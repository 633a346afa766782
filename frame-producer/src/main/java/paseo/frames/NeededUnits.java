package paseo.frames;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the access units to send, in the order of decoding: those that are to be looked at, and those that they need
 * to be decoded. What follows the last picture of interest before a key picture is left out, unless one of the pictures
 * behind the key picture is shown before it: such a one may be predicted from both sides.
 */
final class NeededUnits {
    /** Units of a group that may turn out to be needed; more than these are sent in any case. */
    private static final long MOST_HELD_BYTES = 64 << 20;

    /**
     * A unit to send.
     *
     * @param support whether it is only there for others to be decoded
     */
    record Needed(UnitReader.Unit unit, boolean support) {}

    private final List<UnitReader.Unit> before = new ArrayList<>();
    private final List<UnitReader.Unit> held = new ArrayList<>();
    private final List<Needed> opening = new ArrayList<>();
    private long heldBytes;

    /**
     * Takes a unit.
     *
     * @param support whether it is of no interest by itself
     * @return what is to be sent now
     */
    List<Needed> add(UnitReader.Unit unit, boolean support) {
        List<Needed> sent = new ArrayList<>();
        if (unit.key()) {
            sent.addAll(end());
            before.addAll(held);
            held.clear();
            heldBytes = 0;
            opening.add(new Needed(unit, support));
        } else if (!opening.isEmpty() && unit.number() < opening.get(0).unit().number()) {
            opening.add(new Needed(unit, support));
        } else {
            sent.addAll(end());
            take(unit, support, sent);
        }
        return sent;
    }

    /** What is to be sent when nothing follows. */
    List<Needed> end() {
        List<Needed> sent = new ArrayList<>();
        if (opening.stream().skip(1).anyMatch(leading -> !leading.support())) {
            before.forEach(unit -> sent.add(new Needed(unit, true)));
        }
        before.clear();
        opening.forEach(needed -> take(needed.unit(), needed.support(), sent));
        opening.clear();
        return sent;
    }

    private void take(UnitReader.Unit unit, boolean support, List<Needed> sent) {
        if (support && heldBytes < MOST_HELD_BYTES) {
            held.add(unit);
            heldBytes += unit.data().remaining();
            return;
        }
        held.forEach(needed -> sent.add(new Needed(needed, true)));
        held.clear();
        heldBytes = 0;
        sent.add(new Needed(unit, support));
    }
}
