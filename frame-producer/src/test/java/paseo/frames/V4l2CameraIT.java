package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.CameraStatus.State;
import paseo.events.Frame;
import paseo.events.Image;

/** A webcam, from its driver's system calls to the records for Kafka. */
class V4l2CameraIT {
    /** These are on an idle machine; what the first connection took says how far this one is from that. */
    private static final Duration RETURN = Duration.ofSeconds(2);

    private static final Duration NOTICE = Duration.ofSeconds(3);
    private static final Duration FROZEN = Duration.ofSeconds(10);

    private static final int COLOUR_TOLERANCE = 16;

    @TempDir
    private static Path built;

    private static Path library;

    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        library = V4l2Device.build(built);
    }

    @Test
    void sendsTheWebcamsPictures() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            watching.await(State.LIVE);
            watching.awaitPictures(60);
            watching.awaitHeartbeat(
                    heartbeat -> heartbeat.camera().orElseThrow().frameRate() > 0.9 * V4l2Device.FPS,
                    "the webcam's pictures a second");
            watching.stop();
            assertThat(watching.images()).allSatisfy(V4l2CameraIT::showsTheBars);
            assertThat(medianDistance(watching.images())).isCloseTo(1_000_000 / V4l2Device.FPS, within(5_000L));
            assertThat(watching.heartbeat().orElseThrow().source().width()).isEqualTo(V4l2Device.WIDTH);
            assertThat(watching.heartbeat().orElseThrow().source().height()).isEqualTo(V4l2Device.HEIGHT);
            assertThat(watching.heartbeat().orElseThrow().source().frameRate()).isEqualTo(V4l2Device.FPS);
        }
    }

    @Test
    void sendsThePicturesOfAWebcamThatMakesJpegs() throws Exception {
        Path jpeg = Clips.make(
                directory.resolve("picture.jpg"),
                "-f lavfi -i testsrc2=size=160x120:rate=1 -frames:v 1 -pix_fmt yuvj422p -c:v mjpeg -f image2");
        V4l2Device device = V4l2Device.jpeg(directory, library, jpeg);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            watching.await(State.LIVE);
            watching.awaitPictures(25);
            watching.stop();
            BufferedImage wanted = ImageIO.read(jpeg.toFile());
            BufferedImage sent = picture(watching.images().get(20));
            for (int x = 20; x < V4l2Device.WIDTH; x += 20) {
                assertThat(luma(sent, x, 60)).isCloseTo(luma(wanted, x, 60), within(COLOUR_TOLERANCE));
            }
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 31: a webcam that is unplugged is away, and back within two seconds of being plugged in again")
    void isBackSoonAfterItIsPluggedIn() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            Duration slack = watching.awaitFirst();
            watching.awaitPictures(10);
            device.be(V4l2Device.State.UNPLUGGED);
            assertThat(watching.await(State.RECONNECTING)).isLessThan(NOTICE.plus(slack));
            device.be(V4l2Device.State.MOVING);
            Duration soon = watching.await(State.LIVE);
            assertThat(soon).isLessThan(RETURN.plus(slack));

            device.be(V4l2Device.State.UNPLUGGED);
            watching.await(State.DOWN, device.path().toString());
            device.be(V4l2Device.State.MOVING);
            assertThat(watching.await(State.LIVE))
                    .as("however long it was away")
                    .isLessThan(RETURN.plus(soon.multipliedBy(CameraProcess.SLACK)));
            watching.awaitPictures(10);
            watching.stop();
            assertThat(watching.images()).allSatisfy(V4l2CameraIT::showsTheBars);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 31: pictures that wait when their webcam is unplugged are still there")
    void picturesOutliveTheirDevice() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        try (CameraProcess watching = new CameraProcess(device, device.url(), CameraProgram.LATE)) {
            watching.awaitHeartbeat(
                    heartbeat -> heartbeat.camera().orElseThrow().framesRead() > 20, "pictures that are waiting");
            assertThat(watching.images()).isEmpty();
            device.be(V4l2Device.State.UNPLUGGED);
            watching.awaitPictures(1);
            device.be(V4l2Device.State.MOVING);
            watching.await(State.LIVE);
            watching.stop();
            assertThat(watching.images()).allSatisfy(V4l2CameraIT::showsTheBars);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 32: a webcam that makes no pictures is noticed in three seconds, and does not keep the program")
    void noticesAStall() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            Duration slack = watching.awaitFirst();
            watching.awaitPictures(10);
            device.be(V4l2Device.State.STALLED);
            assertThat(watching.await(State.RECONNECTING, "no picture for 3 s")).isLessThan(NOTICE.plus(slack));
            device.be(V4l2Device.State.MOVING);
            watching.await(State.LIVE);
            device.be(V4l2Device.State.STALLED);
            assertThat(watching.stop()).isLessThan(NOTICE.plus(slack));
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 34: pictures that the driver marks as damaged are left out")
    void leavesOutWhatIsDamaged() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        device.be(V4l2Device.State.DAMAGED);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            watching.await(State.LIVE);
            watching.awaitPictures(40);
            watching.stop();
            assertThat(watching.images()).allSatisfy(V4l2CameraIT::showsTheBars);
            assertThat(medianDistance(watching.images())).isCloseTo(2_000_000 / V4l2Device.FPS, within(10_000L));
            assertThat(watching.heartbeat().orElseThrow().camera().orElseThrow().connections())
                    .isEqualTo(1);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 35: a webcam whose picture stands still is noticed within ten seconds")
    void noticesAFrozenPicture() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            Duration slack = watching.awaitFirst();
            watching.awaitPictures(10);
            device.be(V4l2Device.State.FROZEN);
            assertThat(watching.await(State.FROZEN)).isLessThan(FROZEN.plus(slack));
            device.be(V4l2Device.State.MOVING);
            watching.await(State.LIVE);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 36: a webcam that is not there, or another program's, is away for a reason that names it")
    void saysWhatIsWrong() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        device.be(V4l2Device.State.UNPLUGGED);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            watching.await(State.RECONNECTING, "there is no " + device.path());
            device.be(V4l2Device.State.BUSY);
            watching.await(State.RECONNECTING, device.path() + " is used by another program");
            device.be(V4l2Device.State.MOVING);
            watching.await(State.LIVE);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 36: a path that is no webcam is down, for a reason that names it")
    void saysWhatIsNoWebcam() throws Exception {
        V4l2Device device = V4l2Device.raw(directory, library);
        Path text = Files.writeString(directory.resolve("text"), "no webcam");
        try (CameraProcess watching = new CameraProcess(device, "v4l2:" + text)) {
            watching.await(State.DOWN, text + " is no webcam");
            assertThat(watching.images()).isEmpty();
        }
    }

    @Test
    void saysWhichLibrariesAreMissing() throws Exception {
        Files.createFile(directory.resolve("libpulse.so.0"));
        V4l2Device device = V4l2Device.raw(directory, library).withLibrariesFrom(directory);
        try (CameraProcess watching = new CameraProcess(device, device.url())) {
            watching.await(State.RECONNECTING, "libraries that are missing here; on Debian: apt install");
            watching.await(State.DOWN, "libraries that are missing here; on Debian: apt install");
        }
    }

    private static void showsTheBars(Frame frame) throws IOException {
        BufferedImage picture = picture(frame);
        assertThat(picture.getWidth()).isEqualTo(V4l2Device.WIDTH);
        assertThat(picture.getHeight()).isEqualTo(V4l2Device.HEIGHT);
        int barWidth = V4l2Device.WIDTH / 2 / V4l2Device.COLOURS.size();
        for (int bar = 0; bar < V4l2Device.COLOURS.size(); bar++) {
            int colour = picture.getRGB(bar * barWidth + barWidth / 2, V4l2Device.HEIGHT / 2);
            int[] wanted = V4l2Device.COLOURS.get(bar);
            assertThat(colour >> 16 & 0xFF).as("red of bar %d", bar).isCloseTo(wanted[0], within(COLOUR_TOLERANCE));
            assertThat(colour >> 8 & 0xFF).as("green of bar %d", bar).isCloseTo(wanted[1], within(COLOUR_TOLERANCE));
            assertThat(colour & 0xFF).as("blue of bar %d", bar).isCloseTo(wanted[2], within(COLOUR_TOLERANCE));
        }
    }

    private static BufferedImage picture(Frame frame) throws IOException {
        byte[] bytes = new byte[((Image) frame.content()).jpeg().remaining()];
        ((Image) frame.content()).jpeg().duplicate().get(bytes);
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    private static int luma(BufferedImage picture, int x, int y) {
        int colour = picture.getRGB(x, y);
        return ((colour >> 16 & 0xFF) * 299 + (colour >> 8 & 0xFF) * 587 + (colour & 0xFF) * 114) / 1000;
    }

    /** Microseconds from one picture to the next. */
    private static long medianDistance(List<Frame> images) {
        long[] distances = new long[images.size() - 1];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = images.get(i + 1).reference().captureTimeMicros()
                    - images.get(i).reference().captureTimeMicros();
        }
        Arrays.sort(distances);
        return distances[distances.length / 2];
    }
}
