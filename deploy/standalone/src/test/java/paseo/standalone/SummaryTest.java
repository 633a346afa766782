package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void theEndOfARun() {
        assertThat(Summary.of(Rows.findings())).isEqualTo("""
                2 people (1 new, 1 seen before) in 2 inputs, 3 sequences, 33 faces

                PERSON                 SEQUENCES  FACES  SEEN
                person 1  seen before  1          14     a "b", <c>.mp4  0:05.0–0:06.3
                person 2  new          1          18     a "b", <c>.mp4  0:01.0–0:02.5

                nobody: 1 sequence unusable (no face large, sharp and frontal enough)
                failed: none.mp4 does not exist
                """);
    }

    @Test
    void everybody() {
        assertThat(Summary.everybody(Rows.findings().people())).isEqualTo("""
                PERSON    SEQUENCES  FACES  SILHOUETTE  FIRST SEEN             LAST SEEN
                person 1  3          44     0.61        old.mp4 1:01.3         a "b", <c>.mp4 0:10.0
                person 2  1          18     -           a "b", <c>.mp4 0:01.0  a "b", <c>.mp4 0:02.5
                """);
        assertThat(Summary.everybody(List.of())).isEqualTo("nobody yet\n");
    }

    @Test
    void onePerson() {
        Findings findings = Rows.findings();
        assertThat(Summary.person(findings.people().get(0), findings.sequencesOf(1)))
                .isEqualTo("""
                person 1: 3 sequences, 44 faces
                most similar other person: person 2 (0.12), silhouette 0.61

                SOURCE          FROM    TO      FACES  DECISION    SIMILARITY  RUNNER-UP
                a "b", <c>.mp4  0:05.0  0:06.3  14     recognised  0.70        0.00
                """);
    }

    @Test
    void positionsAndClockTimes() {
        assertThat(Moment.time(0)).isEqualTo("0:00.0");
        assertThat(Moment.time(59.96)).isEqualTo("1:00.0");
        assertThat(Moment.time(3661.24)).isEqualTo("1:01:01.2");
        assertThat(Moment.time(1_790_000_000.5)).isEqualTo("2026-09-21T14:13:20Z");
        assertThat(new Moment("door", 1_790_000_000.5).stamp()).isEqualTo("door@2026-09-21T14:13:20.500Z");
    }
}
