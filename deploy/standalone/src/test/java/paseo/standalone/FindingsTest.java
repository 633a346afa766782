package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import paseo.events.Decision;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/** Two videos of one file name, as a recorder makes them in a folder for each day. */
class FindingsTest {
    private static final String NAME = "0800.mp4";
    private static final SourceFound MONDAY = source("0800-11111111");
    private static final SourceFound TUESDAY = source("0800-22222222");

    @Test
    void whoWasInAnotherVideoOfThatNameAtThatSecondIsNotNew() {
        SequenceFound now = sequence(2, TUESDAY);
        Findings findings = new Findings(List.of(TUESDAY), List.of(person(new UUID(0, 1))), List.of(now));
        assertThat(findings.people()).noneMatch(findings::isNew);
        assertThat(Summary.of(findings)).contains("(0 new, 1 seen before)");
    }

    @Test
    void whoseFirstSequenceIsAmongTheseIsNew() {
        SequenceFound first = sequence(1, MONDAY);
        Findings findings = new Findings(List.of(MONDAY), List.of(person(first.id())), List.of(first));
        assertThat(findings.people()).allMatch(findings::isNew);
    }

    @Test
    void videosOfOneNameAreLinesOfTheirOwn() {
        SequenceFound first = sequence(1, MONDAY);
        Findings findings = new Findings(
                List.of(MONDAY, TUESDAY), List.of(person(first.id())), List.of(first, sequence(2, TUESDAY)));
        assertThat(Summary.of(findings)).contains("""
                person 1  new  2          20     0800.mp4  0:01.0–0:02.0
                                                 0800.mp4  0:01.0–0:02.0
                """);
    }

    private static SourceFound source(String camera) {
        return new SourceFound(camera, 7, NAME, 10, 120, 10, Optional.empty());
    }

    private static PersonFound person(UUID firstSequence) {
        return new PersonFound(
                1,
                firstSequence,
                new Moment(NAME, 1),
                new Moment(NAME, 2),
                2,
                20,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty());
    }

    private static SequenceFound sequence(long id, SourceFound source) {
        return new SequenceFound(
                new UUID(0, id),
                Decision.RECOGNISED,
                1,
                source.camera(),
                source.epoch(),
                NAME,
                12,
                24,
                1,
                2,
                10,
                10,
                OptionalDouble.of(0.7),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of());
    }
}
