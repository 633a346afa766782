package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    @Test
    void isAFunctionOfTheSeed() {
        assertThat(LongStream.range(0, 50).mapToObj(Schedule::of)).allSatisfy(schedule -> {
            assertThat(schedule.timed()).hasSizeBetween(1, 3);
            assertThat(schedule.timed())
                    .isSortedAccordingTo((one, other) -> Double.compare(one.progress(), other.progress()));
            assertThat(schedule.armed()).hasSizeBetween(1, 2);
        });
        assertThat(Schedule.of(7)).isEqualTo(Schedule.of(7)).isNotEqualTo(Schedule.of(8));
    }

    @Test
    void twoHundredSeedsLeaveNothingOut() {
        List<Schedule> schedules =
                LongStream.rangeClosed(1, 200).mapToObj(Schedule::of).toList();
        Set<Failpoint> failpoints = EnumSet.noneOf(Failpoint.class);
        Set<Class<?>> faults = new HashSet<>();
        schedules.forEach(schedule -> {
            schedule.armed().values().forEach(armed -> failpoints.add(armed.failpoint()));
            schedule.timed().forEach(timed -> faults.add(timed.fault().getClass()));
        });

        assertThat(failpoints).containsExactlyInAnyOrder(Failpoint.values());
        assertThat(faults).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @EnumSource
    void aFailpointIsThere(Failpoint failpoint) throws ClassNotFoundException {
        Class<?> where = Class.forName(failpoint.className(), false, getClass().getClassLoader());
        assertThat(where.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals(failpoint.method()));
    }
}
