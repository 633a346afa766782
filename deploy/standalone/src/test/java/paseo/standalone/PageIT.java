package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedPostgres;
import paseo.events.Reach;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;
import paseo.inference.FacePipeline;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiSettings;
import paseo.operations.Management;
import paseo.testing.Assets;

/** The page in a real browser beside a real run of a real video: four people, each seen again. */
@Tag("browser")
@Timeout(900)
class PageIT {
    private static final Pattern LINK = Pattern.compile("page: (http://\\S+)");
    private static final String PERSONS = "document.querySelectorAll(\"[data-view=people] .tile\").length";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void peopleAppearAreMergedTakenApartFoundAndErased() throws IOException {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Path video = Assets.require("videos/intel_reid_a.mp4");
        try (Browser browser = Browser.start(directory.resolve("profile"), 1280, 900)) {
            appearWhileTheyPass(browser, video);
            RunSettings settings = settings(video);
            try (DataDirectory data = DataDirectory.open(settings.data());
                    FacePipeline pipeline = Run.openPipeline(settings, note -> {});
                    EmbeddedPostgres postgres = Servers.postgresIn(data, Optional.empty(), note -> {});
                    PageServer page = PageServer.start(
                            new PageSettings(Optional.of(ApiSettings.local(0)), false, true, Reach.outside()),
                            "test",
                            Servers.settings(postgres),
                            new ApiServer.Parts(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(new PipelinePhotos(
                                            pipeline, PackThresholds.of(pipeline.pack(), settings, note -> {})))))) {
                refusesWithoutToken(browser, page);
                browser.open("about:blank");
                browser.open(page.link().orElseThrow());
                mergesAndTakesBack(browser);
                heedsKeys(browser);
                showsLongLists(browser);
                findsByPhotograph(browser, video);
                erases(browser);
                everyViewOpens(browser);
                nothingStandsInTheWay(browser);
            }
        }
    }

    private void appearWhileTheyPass(Browser browser, Path video) {
        CompletableFuture<Run.Outcome> running = CompletableFuture.supplyAsync(() -> new Run(
                        settings(video),
                        new PageSettings(Optional.of(ApiSettings.local(0)), false, false, Reach.outside()),
                        new Terminal(stream(), stream(), false, false, 0),
                        Management.silent())
                .execute());
        Supplier<Matcher> link = () -> LINK.matcher(said.toString(StandardCharsets.UTF_8));
        while (!link.get().find()) {
            assertThat(running).as("the run").isNotCompletedExceptionally();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        Matcher found = link.get();
        assertThat(found.find()).isTrue();
        try {
            browser.open(found.group(1));
            browser.await("document.querySelector('.pass.new .num[href]')");
            assertThat(browser.evaluate("location.hash").asText())
                    .as("the token is not left in the address")
                    .isEqualTo("#/now");
            assertThat(browser.complaints()).isEmpty();
            browser.open("about:blank");
        } finally {
            running.join();
        }
    }

    private PrintStream stream() {
        return new PrintStream(said, true, StandardCharsets.UTF_8);
    }

    private static void refusesWithoutToken(Browser browser, PageServer page) {
        browser.open(page.address().orElseThrow().toString());
        browser.await("document.querySelector('dialog[data-token]')");
        assertThat(browser.evaluate("fetch('/v1/persons').then((answer) => answer.status)")
                        .asInt())
                .isEqualTo(401);
        assertThat(browser.complaints()).allSatisfy(line -> assertThat(line).contains("401"));
    }

    /** Persons 2 and 4 are never in one picture, or the server would refuse. */
    private static void mergesAndTakesBack(Browser browser) {
        browser.await("document.querySelector('[data-view=now]')");
        browser.evaluate("location.hash = '#/people'");
        browser.await(PERSONS + " === 4");
        browser.await("[...document.querySelectorAll('.tile img')].every((one) => one.naturalWidth > 0)");
        for (int person : List.of(2, 4)) {
            browser.evaluate("document.querySelector('.pick[aria-label=\"Select person " + person + "\"]').click()");
        }
        browser.click(".bar button", "Merge into 2");
        browser.await(PERSONS + " === 3");
        browser.click(".toast button", "Undo");
        browser.await(PERSONS + " === 4");
        browser.evaluate("document.querySelectorAll('.toast').forEach((one) => one.remove())");
        browser.drag(tile(4), tile(2));
        browser.await(PERSONS + " === 3");
        browser.click(".toast button", "Undo");
        browser.await(PERSONS + " === 4");
        mergesOnThePageOfAPerson(browser);
        browser.evaluate("location.hash = '#/person/4'");
        browser.await("document.querySelector('[data-view=person] .strip')");
        assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
                .isEqualTo("Person 4");
        assertThat(browser.evaluate("document.querySelectorAll('svg.time rect').length")
                        .asInt())
                .isPositive();
        assertThat(browser.complaints()).isEmpty();
    }

    private static String tile(int person) {
        return ".tile:has([href=\"#/person/" + person + "\"])";
    }

    /** Whoever looks like a person is dropped on their picture, or takes a sequence of theirs. */
    private static void mergesOnThePageOfAPerson(Browser browser) {
        browser.evaluate("document.querySelectorAll('.toast').forEach((one) => one.remove())");
        browser.evaluate("location.hash = '#/person/2'");
        String neighbour = ".near figure:has([href=\"#/person/4\"])";
        browser.drag(neighbour, ".who");
        browser.click(".toast button", "Undo");
        browser.await("document.querySelector('" + neighbour.replace("\"", "\\\"") + "')");
        browser.evaluate("document.querySelectorAll('.toast').forEach((one) => one.remove())");
        // Only one of several sequences can be given away.
        browser.evaluate("location.hash = '#/person/4'");
        browser.await("document.querySelectorAll('.strip').length > 1");
        browser.drag(".strip", ".near figure:has([href=\"#/person/2\"])");
        browser.await("document.querySelector('#toasts').textContent.includes('Now person 2')");
        browser.click(".toast button", "Undo");
        browser.await("document.querySelector('#toasts').textContent.includes('Taken back')");
    }

    /** To the content, from one view to another without a verdict, and back from what was said last. */
    private static void heedsKeys(Browser browser) {
        browser.evaluate("document.querySelectorAll('.toast').forEach((one) => one.remove())");
        browser.evaluate("location.hash = '#/people'");
        browser.await(PERSONS + " === 4");
        browser.evaluate("document.querySelector('.skip').click()");
        assertThat(browser.evaluate("document.activeElement.id + location.hash").asText())
                .isEqualTo("main#/people");
        browser.drag(tile(4), tile(2));
        browser.await(PERSONS + " === 3");
        browser.key("g");
        browser.key("r");
        browser.await("document.querySelector('[data-view=review] h1')"
                + " && !document.querySelector('main').hasAttribute('aria-busy')");
        browser.key("u");
        browser.await("document.querySelector('#toasts').textContent.includes('is taken back')");
        browser.key("g");
        browser.key("n");
        browser.await("document.querySelector('[data-view=now] h1')");
        browser.evaluate("location.hash = '#/people'");
        browser.await(PERSONS + " === 4");
        assertThat(browser.evaluate("fetch('/v1/audit', { headers: { Authorization: `Bearer ${sessionStorage.getItem("
                                + "'paseo-token')}` } }).then((answer) => answer.text())")
                        .asText())
                .contains("undo")
                .doesNotContain("keep apart", "split");
        assertThat(browser.complaints()).isEmpty();
    }

    /** More people and files than one part of a list has: a video of so many would take a day. */
    private static void showsLongLists(Browser browser) {
        browser.evaluate("""
                window.lists = {
                  '/v1/persons': Array.from({ length: 450 }, (_, i) => ({ person: i + 1, sequences: 1, camera: 'a',
                    source: 'a', kind: 'file', storedAt: new Date().toISOString() })),
                  '/v1/cameras': Array.from({ length: 301 }, (_, i) => i < 300
                    ? { camera: `file-${i}`, source: `file-${i}`, kind: 'file', state: 'ended' }
                    : { camera: 'door', source: 'door', kind: 'camera', state: 'live', lastFrameSeconds: Date.now() / 1000 }),
                };
                window.real = window.fetch;
                window.fetch = async (path, options) => {
                  const asked = new URL(path, location.href);
                  const list = window.lists[asked.pathname];
                  if (!list) return window.real(path, options);
                  const from = Number(asked.searchParams.get('cursor') ?? 0);
                  const to = from + Number(asked.searchParams.get('limit'));
                  await new Promise((resume) => setTimeout(resume, 200));
                  return Response.json({ items: list.slice(from, to), next: to < list.length ? String(to) : null });
                };
                location.hash = '#/cameras';""");
        browser.await("document.querySelector('[data-camera=door]')?.textContent.includes('live')");
        browser.evaluate("location.hash = '#/people'");
        browser.await("document.querySelector('[data-view=people] option[value=door]')");
        browser.await("(scrollTo(0, document.body.scrollHeight), [1, 2, 3].forEach(() => dispatchEvent(new Event("
                + "'scroll'))), document.querySelector('[data-view=people] .head .soft').textContent === '450')");
        browser.evaluate("window.fetch = window.real; location.hash = '#/now'");
        assertThat(browser.complaints()).isEmpty();
    }

    /** The first person of the video, in a frame of it. */
    private void findsByPhotograph(Browser browser, Path video) throws IOException {
        browser.evaluate("location.hash = '#/search'");
        browser.await("document.querySelector('#photo')");
        Path photograph = Files.write(directory.resolve("photograph.jpg"), photograph(video));
        browser.dropFile(photograph, ".drop");
        browser.await("document.querySelector('.near figure')");
        assertThat(browser.evaluate("document.querySelector('.near figcaption').innerText")
                        .asText())
                .startsWith("1")
                .contains("the same person");
        assertThat(browser.complaints()).isEmpty();
    }

    private static byte[] photograph(Path video) throws IOException {
        try (VideoFile file = VideoFile.open(video)) {
            DecodedFrame frame = null;
            for (int i = 0; i < 16; i++) {
                frame = file.next();
            }
            if (frame == null) {
                throw new IOException("the video is too short");
            }
            int width = file.source().width();
            int height = file.source().height();
            BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
            byte[] pixels = frame.toBgr();
            System.arraycopy(
                    pixels, 0, ((DataBufferByte) picture.getRaster().getDataBuffer()).getData(), 0, width * height * 3);
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
            ImageIO.write(picture, "jpeg", jpeg);
            return jpeg.toByteArray();
        }
    }

    private static void erases(Browser browser) {
        browser.evaluate("location.hash = '#/person/3'");
        browser.click("button", "Erase…");
        browser.click("dialog button", "Erase");
        browser.await("location.hash === '#/people'");
        browser.await(PERSONS + " === 3");
        browser.evaluate("location.hash = '#/person/3'");
        browser.await("document.querySelector('.empty')");
        assertThat(browser.complaints()).allSatisfy(line -> assertThat(line).contains("404"));
    }

    private static void everyViewOpens(Browser browser) {
        for (String view : List.of("now", "people", "search", "review", "cameras", "system")) {
            browser.evaluate("location.hash = '#/" + view + "'");
            browser.await("document.querySelector('[data-view=" + view
                    + "] h1') && !document.querySelector('main').hasAttribute('aria-busy')");
        }
        browser.click("button", "Verify the chain");
        browser.await("document.body.innerText.includes('The chain holds')");
        assertThat(browser.evaluate("document.body.innerText").asText())
                .contains("person 3", "erase", "merge", "undo", "search");
        assertThat(browser.complaints()).isEmpty();
    }

    /** axe-core, on each view in both themes. */
    private static void nothingStandsInTheWay(Browser browser) throws IOException {
        List<String> barriers = new ArrayList<>();
        for (String theme : List.of("dark", "light")) {
            browser.evaluate("if (document.documentElement.dataset.theme !== '" + theme
                    + "') document.querySelector('#theme').click()");
            for (String view : List.of("now", "people", "person/1", "search", "review", "cameras", "system")) {
                browser.evaluate("location.hash = '#/" + view + "'");
                browser.await("document.querySelector('[data-view=" + view.replaceFirst("/.*", "")
                        + "] h1') && !document.querySelector('main').hasAttribute('aria-busy')");
                browser.barriers().forEach(barrier -> barriers.add(view + ", " + theme + ": " + barrier));
            }
        }
        assertThat(barriers).isEmpty();
    }

    private RunSettings settings(Path video) {
        return new RunSettings(
                List.of(video.toString()),
                directory.resolve("data"),
                "retail",
                Set.of(),
                OptionalDouble.of(8),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
