package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Reach;
import paseo.matching.api.ApiSettings;
import paseo.operations.Management;
import paseo.testing.Assets;
import paseo.testing.rtsp.LabCamera;

/** Cameras that are added in the page, in a real browser, and watched by what serves it. */
@Tag("browser")
@Timeout(900)
class CamerasPageIT {
    private static final Pattern LINK = Pattern.compile("page: (http://\\S+)");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String CARD = "document.querySelector('[data-camera=door]')?";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aCameraIsAddedWatchedPausedAndRemoved() throws IOException {
        Path video = Assets.require("videos/intel_reid_a.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        Watch watch = new Watch(
                RunSettings.of(List.of(), directory.resolve("data")),
                new PageSettings(Optional.of(ApiSettings.local(0)), false, false, Reach.parse("127.0.0.0/8")),
                new Terminal(stream, stream, false, false, 0),
                Management.silent());
        CompletableFuture<Void> watching = CompletableFuture.runAsync(watch::execute);
        try (LabCamera camera = new LabCamera(PlayedVideo.of(video, directory.resolve("video.h264")));
                Browser browser = Browser.start(directory.resolve("profile"), 1280, 900)) {
            browser.open(link(watching));
            browser.await("document.querySelector('[data-view=now]')");
            browser.evaluate("location.hash = '#/cameras'");
            refusesWhatIsInside(browser);
            adds(browser, camera.url());
            browser.await(CARD + ".textContent.includes('live')");
            browser.await("Number(" + CARD + ".querySelector('dd').textContent.replace(/\\D/g, '')) > 5");
            assertThat(browser.barriers()).isEmpty();
            assertThat(camera.watchers()).isEqualTo(1);

            browser.click("[data-camera=door] button", "Pause");
            browser.await(CARD + ".textContent.includes('paused')");
            until(() -> camera.watchers() == 0);
            browser.click("[data-camera=door] button", "Resume");
            until(() -> camera.watchers() == 1);
            browser.await(CARD + ".textContent.includes('live')");
            browser.click("[data-camera=door] button", "Remove");
            browser.click("dialog button", "Remove");
            browser.await(CARD + ".querySelector('button').closest('.acts').hidden");
            until(() -> camera.watchers() == 0);
            assertThat(browser.complaints())
                    .as("but for what was refused on purpose, or not answered in time")
                    .allSatisfy(line -> assertThat(line).containsAnyOf("status of 422", "status of 503"));
        } finally {
            watch.stop();
            watching.join();
        }
    }

    private static void refusesWhatIsInside(Browser browser) {
        adds(browser, "rtsp://10.0.0.5/stream");
        browser.await("document.querySelector('.toast.bad')?.textContent.includes('--camera-networks')");
        assertThat(browser.evaluate("document.querySelectorAll('[data-camera]').length")
                        .asInt())
                .isZero();
    }

    private static void adds(Browser browser, String address) {
        browser.await("document.querySelector('form.adding')");
        browser.evaluate("if (document.querySelector('form.adding').hidden)"
                + " document.querySelector('[aria-expanded]').click()");
        browser.evaluate("document.querySelector('[name=camera]').value = 'door';"
                + " document.querySelector('[name=address]').value = '" + address + "';"
                + " document.querySelector('[name=days]').value = '2'");
        browser.click("form.adding button", "Store");
    }

    private String link(CompletableFuture<Void> watching) {
        Matcher found = LINK.matcher("");
        until(() -> {
            assertThat(watching).as("%s", said).isNotDone();
            return found.reset(said.toString(StandardCharsets.UTF_8)).find();
        });
        return found.group(1);
    }

    private void until(BooleanSupplier goal) {
        long begin = System.nanoTime();
        while (!goal.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("%s", said)
                    .isLessThan(LIMIT);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
