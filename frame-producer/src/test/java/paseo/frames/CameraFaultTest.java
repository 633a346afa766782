package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import paseo.events.CameraStatus.State;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Region;
import paseo.testing.rtsp.Fault;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/**
 * What cameras and networks do to a producer, one row of the fault matrix each. Rows wait most of their time, so they
 * do it together; each has a camera and a publisher of its own.
 */
@Tag("fault")
class CameraFaultTest {
    /** Room for a machine that does other things, too. */
    private static final Duration SOON = Duration.ofSeconds(60);

    /** These are on an idle machine; what the first connection took says how far this one is from that. */
    private static final Duration RETURN = Duration.ofSeconds(2);

    private static final Duration NOTICE = Duration.ofSeconds(3);
    private static final Duration FROZEN = Duration.ofSeconds(10);

    private static H264Clip small;
    private static H264Clip large;

    @BeforeAll
    static void makeClips() {
        small = LabClips.moving(160, 120);
        large = LabClips.moving(320, 240);
    }

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "row 31: {0}")
    @EnumSource(names = {"DROP", "RESET"})
    @DisplayName("row 31: an RTSP connection that ends or breaks is made again")
    void connectsAgain(Fault fault) throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            Duration slack = watched.awaitFirst(SOON);
            watched.awaitPictures(10, SOON);
            lab.fault(fault);
            watched.await(State.RECONNECTING, SOON);
            lab.fault(Fault.NONE);
            assertThat(watched.await(State.LIVE, SOON)).isLessThan(RETURN.plus(slack));
            watched.awaitPictures(10, SOON);
            assertThat(watched.frames.heartbeats(WatchedCamera.ID))
                    .extracting(Heartbeat::state)
                    .contains(Heartbeat.State.STARTED, Heartbeat.State.RECONNECTING, Heartbeat.State.LIVE)
                    .doesNotContain(Heartbeat.State.ENDED);
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 31: a camera without power is back within two seconds of its return, however long it was away")
    void isBackSoonAfterItsReturn() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            Duration slack = watched.awaitFirst(SOON);
            watched.awaitPictures(10, SOON);
            lab.powerOff();
            watched.await(State.DOWN, SOON);
            lab.powerOn();
            assertThat(watched.await(State.LIVE, SOON)).isLessThan(RETURN.plus(slack));
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 32: a connection without a byte is noticed in three seconds")
    void noticesAStall() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            Duration slack = watched.awaitFirst(SOON);
            watched.awaitPictures(10, SOON);
            lab.fault(Fault.STALL);
            assertThat(watched.await(State.RECONNECTING, SOON)).isLessThan(NOTICE.plus(slack));
            assertThat(watched.camera.detail()).contains("no picture for 3 s");
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
        }
    }

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "row 33: {0}")
    @EnumSource(names = {"NO_REPLY", "DRIBBLE"})
    @DisplayName("row 33: a camera that never answers, or a byte at a time, is left after three seconds")
    void leavesWhoDoesNotAnswer(Fault fault) throws IOException {
        try (LabCamera lab = new LabCamera(small)) {
            Duration slack = slack(lab);
            lab.fault(fault);
            long begin = System.nanoTime();
            assertThatThrownBy(() -> CameraStream.open(new CameraAddress(lab.url()), new StopSignal()))
                    .isInstanceOf(VideoException.class)
                    .hasMessageContaining("no answer for 3 s");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(NOTICE.plus(slack));
            try (WatchedCamera watched = new WatchedCamera(lab.url())) {
                watched.await(State.DOWN, SOON);
                lab.fault(Fault.NONE);
                watched.await(State.LIVE, SOON);
            }
        }
    }

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "row 34: {0}")
    @EnumSource(names = {"GARBAGE", "CORRUPT_PICTURES"})
    @DisplayName("row 34: garbage and flipped bits are got over")
    void getsOverGarbage(Fault fault) throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.awaitPictures(10, SOON);
            lab.fault(fault);
            long read = watched.status().framesRead();
            if (fault == Fault.GARBAGE) {
                watched.await(State.RECONNECTING, SOON);
            } else {
                watched.await(() -> watched.status().framesRead() > read + 30, SOON, "damaged pictures");
            }
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
            watched.awaitPictures(20, SOON);
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    @Execution(CONCURRENT)
    @RepeatedTest(value = 20, name = "row 34: corrupted SPS, {currentRepetition} of {totalRepetitions}")
    @DisplayName("row 34: a corrupted SPS kills nothing")
    void survivesCorruptedParameters() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.awaitPictures(1, SOON);
            lab.fault(Fault.CORRUPT_PARAMETERS);
            long sent = lab.plays();
            long read = watched.status().framesRead();
            watched.await(
                    () -> watched.status().framesRead() > read + 40 || lab.plays() > sent + 1,
                    SOON,
                    "pictures behind damaged parameters");
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
            watched.awaitPictures(5, SOON);
            assertThat(watched.frames.images(WatchedCamera.ID))
                    .allSatisfy(frame ->
                            assertThat(((Image) frame.content()).sourceWidth()).isEqualTo(160));
        }
    }

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "row 35: {0}")
    @EnumSource(names = {"FREEZE", "LOOP", "RACE"})
    @DisplayName("row 35: a frozen picture, a loop and a race are noticed within ten seconds")
    void noticesAFrozenPicture(Fault fault) throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            Duration slack = watched.awaitFirst(SOON);
            watched.awaitPictures(30, SOON);
            lab.fault(fault);
            assertThat(watched.await(State.FROZEN, SOON)).isLessThan(FROZEN.plus(slack));
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 36: after a refused password there is one attempt in thirty seconds at most")
    void doesNotLockItselfOut() throws IOException {
        try (LabCamera lab = new LabCamera(small)) {
            lab.demand("viewer:right");
            String url = lab.url().replace("rtsp://", "rtsp://viewer:wrong@");
            try (WatchedCamera watched = new WatchedCamera(url)) {
                watched.await(State.DOWN, SOON);
                assertThat(watched.camera.detail()).contains("refuses user and password");
                int refusals = lab.refusals();
                assertThat(refusals).isBetween(1, 2);
                long begin = System.nanoTime();
                watched.await(() -> lab.refusals() > refusals, SOON, "the next attempt");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(28));
                assertThat(watched.frames.of(WatchedCamera.ID).toString()).doesNotContain("wrong", "viewer");
            }
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 36: a password that is referred to opens the camera")
    void opensWithAReferredPassword() throws IOException {
        try (LabCamera lab = new LabCamera(small)) {
            lab.demand("viewer:right@/:%");
            Path secret = Files.createTempFile("camera", ".secret");
            Files.writeString(secret, "viewer:right@/:%\n");
            String url = lab.url().replace("rtsp://", "rtsp://${file:" + secret + "}@");
            try (WatchedCamera watched = new WatchedCamera(url)) {
                watched.await(State.LIVE, SOON);
                assertThat(lab.refusals()).isZero();
            }
            Files.delete(secret);
        }
    }

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "row 36: {0}")
    @EnumSource(names = {"NOT_FOUND", "BAD_SDP", "REDIRECT_TO_FILE"})
    @DisplayName(
            "row 36: a camera that has nothing, describes itself badly or sends us to a file is down, for a reason")
    void saysWhatIsWrong(Fault fault) throws IOException {
        try (LabCamera lab = new LabCamera(small)) {
            lab.fault(fault);
            try (WatchedCamera watched = new WatchedCamera(lab.url())) {
                watched.await(State.DOWN, SOON);
                assertThat(watched.camera.detail()).isNotBlank().doesNotContain("passwd");
                assertThat(watched.frames.images(WatchedCamera.ID)).isEmpty();
                lab.fault(Fault.NONE);
                watched.await(State.LIVE, SOON);
            }
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 37: another resolution goes on in a session of its own")
    void goesOnInAnotherSize() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.awaitPictures(20, SOON);
            lab.show(large);
            watched.await(() -> width(watched) == 320, SOON, "the larger picture");
            watched.awaitPictures(10, SOON);
            lab.show(small);
            watched.await(() -> width(watched) == 160, SOON, "the smaller picture");
            watched.stop();
            watched.assertNothingUncounted();
            Map<Long, Set<Integer>> widths = watched.frames.images(WatchedCamera.ID).stream()
                    .collect(Collectors.groupingBy(
                            frame -> frame.reference().epoch(),
                            TreeMap::new,
                            Collectors.mapping(frame -> ((Image) frame.content()).sourceWidth(), Collectors.toSet())));
            assertThat(widths.values()).containsExactly(Set.of(160), Set.of(320), Set.of(160));
            Set<Long> begun = new HashSet<>();
            assertThat(watched.frames.images(WatchedCamera.ID))
                    .filteredOn(frame -> begun.add(frame.reference().epoch()))
                    .as("whoever looks at one session has not seen the one before")
                    .hasSize(3)
                    .noneMatch(frame -> ((Image) frame.content()).still());
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 39: times that jump in the stream do not reach the frames")
    void hasATimeOfItsOwn() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.awaitPictures(10, SOON);
            lab.fault(Fault.DROP);
            watched.await(State.RECONNECTING, SOON);
            // Its stream begins again at 0.
            lab.fault(Fault.NONE);
            watched.awaitPictures(10, SOON);
            assertThat(watched.frames.images(WatchedCamera.ID))
                    .extracting(frame -> frame.reference().captureTimeMicros())
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(watched.frames.of(WatchedCamera.ID)).allSatisfy(frame -> {
                long since =
                        System.currentTimeMillis() * 1000 - frame.reference().captureTimeMicros();
                assertThat(since).isBetween(-1_000_000L, 300_000_000L);
            });
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 52: pictures are fresh although the machine's clock was set after the start")
    void staysFreshWhenTheClockIsSet() throws IOException {
        long start = System.currentTimeMillis() * 1000;
        LiveClock hoursBehind = new LiveClock(start - Duration.ofHours(2).toMillis() * 1000, System::nanoTime);
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url(), Optional.empty(), hoursBehind)) {
            watched.awaitPictures(5, SOON);
            assertThat(watched.frames.images(WatchedCamera.ID)).allSatisfy(frame -> {
                assertThat(frame.content()).isInstanceOfSatisfying(Image.class, image -> {
                    assertThat(image.staleAfterMicros()).isGreaterThan(start);
                    assertThat(image.leastFace()).isEqualTo(WatchedCamera.LEAST_FACE);
                });
                assertThat(frame.reference().captureTimeMicros()).isLessThan(start);
            });
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("row 33: RTP over UDP that stops is noticed, too")
    void watchesOverUdp() throws IOException {
        try (LabCamera lab = new LabCamera(small);
                WatchedCamera watched = new WatchedCamera(lab.url() + "?udp")) {
            watched.awaitPictures(10, SOON);
            lab.fault(Fault.STALL);
            watched.await(State.RECONNECTING, SOON);
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("a camera that speaks TLS is watched, and found again")
    void watchesOverTls(@TempDir Path scratch) throws IOException {
        try (LabCamera lab = LabCamera.overTls(small, scratch);
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.awaitPictures(3, SOON);
            lab.fault(Fault.RESET);
            watched.await(State.RECONNECTING, SOON);
            lab.fault(Fault.NONE);
            watched.await(State.LIVE, SOON);
        }
    }

    @Execution(CONCURRENT)
    @Test
    @DisplayName("only the part of the picture that is asked for is looked at")
    void sendsAPart() throws IOException {
        try (LabCamera lab = new LabCamera(large);
                WatchedCamera watched = new WatchedCamera(lab.url(), Optional.of(new Region(0.25, 0.5, 0.5, 0.25)))) {
            watched.awaitPictures(3, SOON);
            Image image = (Image) watched.frames.images(WatchedCamera.ID).get(0).content();
            assertThat(image.sourceWidth()).isEqualTo(160);
            assertThat(image.sourceHeight()).isEqualTo(60);
        }
    }

    /** Like {@link WatchedCamera#awaitFirst}, of a camera that is only opened. */
    private static Duration slack(LabCamera lab) {
        try (WatchedCamera watched = new WatchedCamera(lab.url())) {
            return watched.awaitFirst(SOON);
        }
    }

    private static int width(WatchedCamera watched) {
        var images = watched.frames.images(WatchedCamera.ID);
        return images.isEmpty() ? 0 : ((Image) images.get(images.size() - 1).content()).sourceWidth();
    }
}
