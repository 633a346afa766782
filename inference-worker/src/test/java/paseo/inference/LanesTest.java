package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final int SECONDS = 20;

    private static final class Counted implements Lanes.Lane {
        private final AtomicInteger users = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        /** Fails where two threads use this. */
        <R> R use(Function<Counted, R> work) {
            assertThat(users.incrementAndGet()).isOne();
            assertThat(closed).isFalse();
            try {
                return work.apply(this);
            } finally {
                users.decrementAndGet();
            }
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private static Lanes<Counted> lanes(int number) {
        return new Lanes<>(number, Counted::new);
    }

    @Test
    @DisplayName("idle lanes help with the parts of what another is at")
    void idleLanesHelp() {
        try (Lanes<Counted> lanes = lanes(3)) {
            CyclicBarrier together = new CyclicBarrier(3);
            Set<Counted> used = ConcurrentHashMap.newKeySet();

            List<Integer> made = lanes.on(own -> lanes.share(
                    own,
                    List.of(1, 2, 3),
                    (lane, part) -> lane.use(it -> {
                        used.add(it);
                        meet(together);
                        return part * part;
                    })));

            assertThat(made).containsExactly(1, 4, 9);
            assertThat(used).hasSize(3);
        }
    }

    @Test
    @DisplayName("a lane does all parts itself while the others are busy")
    void busyLanesDoNot() {
        try (Lanes<Counted> lanes = lanes(2)) {
            List<Integer> made = lanes.on(busy -> lanes.on(own -> lanes.share(own, List.of(1, 2, 3), (lane, part) -> {
                assertThat(lane).isSameAs(own);
                return -part;
            })));

            assertThat(made).containsExactly(-1, -2, -3);
        }
    }

    @Test
    @DisplayName(
            "many pictures with many parts: each part once, each lane for one thread at a time, all idle in the end")
    void manyAtOnce() {
        AtomicInteger parts = new AtomicInteger();
        try (Lanes<Counted> lanes = lanes(4)) {
            List<Integer> thirty = IntStream.range(0, 30).boxed().toList();

            List<List<Integer>> made = lanes.spread(
                    thirty,
                    picture -> lanes.on(own -> lanes.share(
                            own,
                            thirty,
                            (lane, part) -> lane.use(it -> {
                                parts.incrementAndGet();
                                return 100 * picture + part;
                            }))));

            assertThat(made)
                    .isEqualTo(thirty.stream()
                            .map(picture -> thirty.stream()
                                    .map(part -> 100 * picture + part)
                                    .toList())
                            .toList());
            assertThat(parts).hasValue(900);
        }
    }

    @Test
    @DisplayName("what fails is thrown once nobody is at any part any more")
    void waitsBeforeItFails() {
        try (Lanes<Counted> lanes = lanes(2)) {
            CountDownLatch helping = new CountDownLatch(1);
            CountDownLatch failed = new CountDownLatch(1);
            AtomicBoolean helped = new AtomicBoolean();

            assertThatThrownBy(() -> lanes.on(own -> lanes.share(own, List.of(1, 2), (lane, part) -> {
                        if (lane == own) {
                            await(helping);
                            failed.countDown();
                            throw new StackOverflowError("of a part");
                        }
                        helping.countDown();
                        await(failed);
                        helped.set(true);
                        return part;
                    })))
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessage("of a part");

            assertThat(helped).isTrue();
            boolean bothIdle = lanes.on(one -> lanes.on(other -> one != other));
            assertThat(bothIdle).isTrue();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("nobody else came", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
