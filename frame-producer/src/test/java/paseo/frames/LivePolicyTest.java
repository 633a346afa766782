package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.events.CameraStatus.State;
import paseo.frames.FrozenDetector.Verdict;
import paseo.frames.GeometryGuard.Size;

/** The decisions about live cameras, each a function of its input. */
class LivePolicyTest {
    private static final long SECOND = 1_000_000;

    @Test
    void attemptsBecomeRarerUpToHalfAMinuteAndAreSpread() {
        ReconnectPolicy policy = new ReconnectPolicy(1);
        double expected = 500;
        for (int attempt = 0; attempt < 12; attempt++) {
            assertThat((double) policy.afterFailure(false).toMillis()).isBetween(expected * 0.79, expected * 1.21);
            expected = Math.min(30_000, expected * 2);
        }
        policy.returned();
        assertThat(policy.afterFailure(false)).isLessThan(Duration.ofMillis(610));
        assertThat(new ReconnectPolicy(1).afterFailure(false))
                .isEqualTo(new ReconnectPolicy(1).afterFailure(false))
                .isNotEqualTo(new ReconnectPolicy(2).afterFailure(false));
    }

    @Test
    void aRefusedPasswordIsNotTriedAgainForHalfAMinute() {
        ReconnectPolicy policy = new ReconnectPolicy(3);
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(policy.afterFailure(true)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(36));
        }
    }

    @Test
    void noiseAloneIsAPicture() {
        FrozenDetector detector = new FrozenDetector();
        Random random = new Random(1);
        for (int i = 0; i < 600; i++) {
            byte[] luma = new byte[2304];
            random.nextBytes(luma);
            for (int p = 0; p < luma.length; p++) {
                luma[p] = (byte) (100 + (luma[p] & 7));
            }
            assertThat(detector.see(luma, i * 66_667L)).isEqualTo(Verdict.MOVING);
        }
    }

    @Test
    void aPictureThatStandsStillIsNoticedInTimeAndTheNextThatDiffersEndsIt() {
        FrozenDetector detector = new FrozenDetector();
        byte[] luma = new byte[2304];
        Verdict verdict = Verdict.MOVING;
        long time = 0;
        for (; verdict == Verdict.MOVING; time += 66_667) {
            byte[] codedOnceMore = luma.clone();
            codedOnceMore[(int) (time % luma.length)] = 2;
            verdict = detector.see(codedOnceMore, time);
        }
        assertThat(verdict).isEqualTo(Verdict.STILL);
        assertThat(time).isBetween(FrozenDetector.STILL_MICROS, 10 * SECOND);
        byte[] somebody = luma.clone();
        for (int p = 500; p < 503; p++) {
            somebody[p] = 60;
        }
        assertThat(detector.see(somebody, time)).isEqualTo(Verdict.MOVING);
    }

    @Test
    void roundsUpToTwentySecondsAreNoticedInTenOfTheirRepetition() {
        for (int round : new int[] {2, 10, 30, 60, 150, 295}) {
            FrozenDetector detector = new FrozenDetector();
            Verdict verdict = Verdict.MOVING;
            int picture = 0;
            for (; verdict == Verdict.MOVING; picture++) {
                byte[] luma = new byte[2304];
                new Random(picture % round).nextBytes(luma);
                verdict = detector.see(luma, picture * 66_667L);
            }
            assertThat(verdict).isEqualTo(Verdict.REPEATING);
            assertThat(picture * 66_667L)
                    .as("round of %d pictures", round)
                    .isLessThan(Math.max(10 * SECOND, round * 66_667L + 5 * SECOND));
        }
    }

    @Test
    void moreThanAHundredPicturesASecondAreARecording() {
        FrozenDetector detector = new FrozenDetector();
        Random random = new Random(4);
        Verdict verdict = Verdict.MOVING;
        for (int i = 0; i < 120 * 8; i++) {
            byte[] luma = new byte[2304];
            random.nextBytes(luma);
            verdict = detector.see(luma, i * SECOND / 120);
        }
        assertThat(verdict).isEqualTo(Verdict.TOO_FAST);
    }

    @Test
    void connectionsThatEndSoonAreNoRecording() {
        FrozenDetector detector = new FrozenDetector();
        Random random = new Random(6);
        long time = 0;
        for (int connection = 0; connection < 20; connection++) {
            detector.reset();
            // The last one lasts for longer than a rate is measured.
            for (int i = 0; i < (connection < 19 ? 90 : 150); i++) {
                byte[] luma = new byte[2304];
                random.nextBytes(luma);
                time += SECOND / 30;
                assertThat(detector.see(luma, time)).isEqualTo(Verdict.MOVING);
            }
        }
    }

    @Test
    void theRateFollowsTheAgeAndNeverFallsBelowOne() {
        RateControl control = new RateControl();
        for (int i = 0; i < 100; i++) {
            control.measured(3 * SECOND, 15, i * SECOND / 5);
        }
        assertThat(control.rate()).isEqualTo(RateControl.FLOOR);
        for (int i = 100; i < 200; i++) {
            control.measured(0, 1, i * SECOND / 5);
        }
        assertThat(control.rate()).isBetween(10.0, 11.5);
        double before = control.rate();
        control.measured(RateControl.TOO_OLD_MICROS + 1, 15, 41 * SECOND);
        control.measured(RateControl.TOO_OLD_MICROS + 1, 15, 41 * SECOND + SECOND / 4);
        assertThat(control.rate()).as("one step in half a second").isBetween(before * 0.8, before * 0.9);
    }

    @Test
    void theFirstStepCountsFromWhatCamerasSend() {
        RateControl control = new RateControl();
        control.measured(SECOND, 15, 0);
        assertThat(control.rate()).isBetween(12.0, 13.0);
    }

    @Test
    void beforeItIsKnownWhatCamerasSendTheFirstStepIsNoneToTheFloor() {
        RateControl control = new RateControl();
        control.measured(SECOND, 0, 0);
        assertThat(control.rate()).isBetween(50.0, 52.0);
    }

    @Test
    void picturesAreKnownAgainInALaterConnection() {
        ShownPictures shown = new ShownPictures();
        byte[] one = {1, 2, 3};
        shown.connected();
        assertThat(shown.before(OptionalLong.of(5), one)).isFalse();
        assertThat(shown.before(OptionalLong.of(5), one))
                .as("in the same connection")
                .isFalse();
        for (int later = 0; later < 3; later++) {
            shown.connected();
            assertThat(shown.before(OptionalLong.of(5), one)).isTrue();
            assertThat(shown.before(OptionalLong.empty(), one)).isFalse();
            assertThat(shown.before(OptionalLong.of(6 + later), one)).isFalse();
        }
        assertThat(shown.before(OptionalLong.of(5), new byte[] {1, 2, 4}))
                .as("a stream that begins anew")
                .isFalse();
    }

    @Test
    void whatAPlaylistRepeatsBehindNewPicturesIsShown() {
        ShownPictures shown = new ShownPictures();
        byte[] one = {1, 2, 3};
        shown.connected();
        assertThat(shown.before(OptionalLong.of(5), one)).isFalse();
        shown.connected();
        assertThat(shown.before(OptionalLong.of(5), one)).isTrue();
        assertThat(shown.before(OptionalLong.of(6), one)).isFalse();
        assertThat(shown.before(OptionalLong.of(5), one)).as("a loop").isFalse();
    }

    @Test
    void samplesEvenly() {
        assertThat(taken(15, 15)).isEqualTo(150);
        assertThat(taken(15, 60)).isEqualTo(150);
        assertThat(taken(15, 5)).isBetween(48, 52);
        assertThat(taken(30, 7)).isBetween(67, 73);
        assertThat(taken(25, 1)).isBetween(10, 11);
    }

    @Test
    void picturesThatComeInBunchesAreKeptWhereAllMayBeSent() {
        assertThat(takenOfBunches(30)).as("all but some of the first bunch").isBetween(245, 250);
        assertThat(takenOfBunches(10)).isBetween(98, 103);
    }

    /** Of 250 pictures in ten seconds, of which each fourth comes when it is due and the others right behind it. */
    private static int takenOfBunches(double rate) {
        LiveSampler sampler = new LiveSampler();
        return (int) IntStream.range(0, 250)
                .filter(i -> sampler.takes(i / 4 * 4L * SECOND / 25 + i % 4 * 13_000L, rate))
                .count();
    }

    @Test
    void noPictureIsTakenRightBehindAnother() {
        LiveSampler sampler = new LiveSampler();
        assertThat(sampler.takes(0, 60)).isTrue();
        assertThat(sampler.takes(100_000, 60)).isTrue();
        assertThat(sampler.takes(101_000, 60)).isFalse();
        assertThat(sampler.takes(113_000, 60)).isTrue();
    }

    @Test
    void aPauseIsNotMadeUpFor() {
        LiveSampler sampler = new LiveSampler();
        assertThat(sampler.takes(0, 10)).isTrue();
        long taken = IntStream.range(0, 25)
                .filter(i -> sampler.takes(60 * SECOND + i * SECOND / 25, 10))
                .count();
        assertThat(taken).isBetween(10L, 13L);
    }

    private static int taken(int camera, double rate) {
        LiveSampler sampler = new LiveSampler();
        Random jitter = new Random(5);
        int taken = 0;
        for (int i = 0; i < 10 * camera; i++) {
            taken += sampler.takes(i * SECOND / camera + jitter.nextInt(5_000), rate) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void signsOfLifeAreNotMadeUpForAfterAPause() {
        long second = Duration.ofSeconds(1).toNanos();
        long begin = Long.MAX_VALUE - second / 2;
        assertThat(LivePublisher.nextBeat(begin, begin + second / 10)).isEqualTo(begin + second);
        long awake = begin + 60 * second;
        long due = LivePublisher.nextBeat(begin, awake);
        assertThat(due).isEqualTo(awake);
        assertThat(LivePublisher.nextBeat(due, awake)).isEqualTo(awake + second);
    }

    @Test
    void theRingKeepsTheNewest() {
        List<Integer> gone = new ArrayList<>();
        CaptureRing<Integer> ring = new CaptureRing<>(3, gone::add);
        for (int i = 0; i < 5; i++) {
            ring.put(i);
        }
        assertThat(gone).containsExactly(0, 1);
        assertThat(ring.take()).isEqualTo(2);
        ring.put(5);
        assertThat(gone).hasSize(2);
        assertThat(List.of(ring.take(), ring.take(), ring.take())).containsExactly(3, 4, 5);
        assertThat(ring.take()).isNull();
    }

    @Test
    void aSizeCountsFromItsFifthPictureInARow() {
        GeometryGuard guard = new GeometryGuard();
        assertThat(guard.see(160, 120)).isEqualTo(Size.NEW);
        for (int i = 0; i < 20; i++) {
            assertThat(guard.see(160, 120 + i % 2)).isEqualTo(i % 2 == 0 ? Size.SAME : Size.ODD);
        }
        guard.see(160, 120);
        for (int i = 1; i < GeometryGuard.CONVINCING; i++) {
            assertThat(guard.see(320, 240)).isEqualTo(Size.ODD);
        }
        assertThat(guard.see(320, 240)).isEqualTo(Size.NEW);
        assertThat(guard.see(320, 240)).isEqualTo(Size.SAME);
    }

    @Test
    void aCameraThatStaysAwayIsDown() {
        CameraHealth health = new CameraHealth(0);
        assertThat(health.now().state()).isEqualTo(State.RECONNECTING);
        health.connected(0);
        assertThat(health.sees(Verdict.MOVING, SECOND)).isTrue();
        assertThat(health.sees(Verdict.MOVING, 2 * SECOND)).isFalse();
        assertThat(health.lost("broke off", false, 3 * SECOND)).isTrue();
        assertThat(health.lost("refused", false, 12 * SECOND)).isFalse();
        assertThat(health.stillAway(12 * SECOND)).isFalse();
        assertThat(health.stillAway(13 * SECOND)).isTrue();
        assertThat(health.now().state()).isEqualTo(State.DOWN);
        assertThat(health.sees(Verdict.STILL, 20 * SECOND)).isTrue();
        assertThat(health.now().state()).isEqualTo(State.FROZEN);
        assertThat(health.lost("refuses user and password", true, 21 * SECOND)).isTrue();
        assertThat(health.now().state()).isEqualTo(State.DOWN);
        assertThat(health.now().sinceMicros()).isEqualTo(21 * SECOND);
    }

    @Test
    void theAgeIsThatOfTheOldestPictureThatWaits() {
        WorkerLag lag = new WorkerLag();
        assertThat(lag.ageMicros(SECOND)).isZero();
        lag.stored(0, 10, SECOND);
        lag.stored(0, 12, 2 * SECOND);
        lag.stored(1, 3, 3 * SECOND);
        assertThat(lag.ageMicros(4 * SECOND)).isEqualTo(3 * SECOND);
        assertThat(lag.ageMicros(4 * SECOND, partition -> partition != 0))
                .as("without one that nobody looks at")
                .isEqualTo(SECOND);
        lag.taken(0, 10);
        assertThat(lag.ageMicros(0, 4 * SECOND)).isEqualTo(3 * SECOND);
        lag.taken(0, 11);
        assertThat(lag.ageMicros(0, 4 * SECOND)).isEqualTo(2 * SECOND);
        lag.taken(0, 13);
        assertThat(lag.ageMicros(4 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aGroupIsSilentByAClockThatNobodySets() {
        long second = Duration.ofSeconds(1).toNanos();
        long begin = Long.MAX_VALUE - 50 * second;
        GroupSilence silence = new GroupSilence(begin);
        assertThat(silence.seconds(0, -1, begin + 20 * second))
                .as("not joined yet")
                .isZero();
        long joined = begin + 21 * second;
        assertThat(silence.seconds(1, 0, joined)).isZero();
        assertThat(silence.seconds(1, 3_600, joined + second / 5))
                .as("the clock was set forward")
                .isEqualTo(0.2);
        assertThat(silence.seconds(1, 1, joined + 8 * second))
                .as("it is asked and does not answer")
                .isEqualTo(8);
        assertThat(silence.seconds(2, 0, joined + 9 * second)).isZero();
        assertThat(silence.seconds(2, -20, joined + 10 * second))
                .as("the clock was set back")
                .isZero();
        assertThat(silence.seconds(2, 0, joined + 30 * second))
                .as("it is as it was, and Kafka's client asks again")
                .isZero();
        assertThat(silence.seconds(2, 8, joined + 38 * second))
                .as("nor does it answer now")
                .isEqualTo(8);
        assertThat(silence.seconds(3, 0, joined + 39 * second)).isZero();
    }

    @Test
    void whatAGroupSaidWhileNobodyLookedIsAsOldAsItIs() {
        long second = Duration.ofSeconds(1).toNanos();
        GroupSilence silence = new GroupSilence(0);
        assertThat(silence.seconds(5, 0, second)).isZero();
        assertThat(silence.seconds(6, 9, 11 * second)).isEqualTo(9);
        assertThat(silence.seconds(6, 10, 12 * second)).isEqualTo(10);
        assertThat(silence.seconds(7, 3_600, 13 * second)).isEqualTo(1);
    }

    @Test
    void afterASilenceTheFirstAnswerMayBeARefusal() {
        GroupFence fence = new GroupFence(7);
        assertThat(fence.holds(0, 1)).isFalse();
        assertThat(fence.holds(8, 1)).isTrue();
        assertThat(fence.holds(0, 2)).as("maybe a refusal").isTrue();
        assertThat(fence.holds(0.2, 2)).as("a poll has seen it").isTrue();
        assertThat(fence.holds(0, 3)).as("this one may be, too").isTrue();
        assertThat(fence.holds(0.2, 3)).isFalse();
        assertThat(fence.holds(0, 4)).isFalse();
        assertThat(fence.holds(8, 4)).isTrue();
    }

    @Test
    void aCameraThatIsWatchedAnewHasALaterSessionWhateverTheMachineSays() {
        LiveClock before = new LiveClock(1_000_000, () -> 0);
        assertThat(LiveClock.after(before, 500_000, () -> 0).micros() / 1000).isGreaterThan(before.micros() / 1000);
        assertThat(LiveClock.after(before, 5_000_000, () -> 0).micros()).isEqualTo(5_000_000);
    }

    @Test
    void aMachineWhoseClockWasSetBackByMuchIsBelieved() {
        LiveClock before = new LiveClock(3_600 * SECOND, () -> 0);
        assertThat(LiveClock.after(before, 3_580 * SECOND, () -> 0).micros()).isGreaterThan(before.micros());
        assertThat(LiveClock.after(before, SECOND, () -> 0).micros()).isEqualTo(SECOND);
    }

    @Test
    void theClockNeverStandsStillOrGoesBack() {
        long[] nanos = {5_000};
        LiveClock clock = new LiveClock(1_000_000, () -> nanos[0]);
        assertThat(clock.micros()).isEqualTo(1_000_000);
        assertThat(clock.micros()).isEqualTo(1_000_001);
        nanos[0] = 1_000;
        assertThat(clock.micros()).isEqualTo(1_000_002);
        nanos[0] = 2_000_005_000;
        assertThat(clock.micros()).isEqualTo(3_000_000);
    }
}
