package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastingRuntimeTest {
    private static final int CODE = 43;
    private static final int LOADERS = 3;

    @TempDir
    private Path directory;

    @Test
    void aProcessEndsInOrderWhileModelsAreLoadedAndComputed() throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + directory.resolve("crash.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(CODE);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(output);
        }
    }

    /** A program whose shutdown hook waits for some more of the work that goes on meanwhile. */
    static final class Ending {
        private Ending() {}

        public static void main(String[] args) throws InterruptedException {
            CountDownLatch working = new CountDownLatch(LOADERS * 20);
            CountDownLatch ending = new CountDownLatch(LOADERS * 200);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ending)));
            for (int i = 0; i < LOADERS; i++) {
                Thread loader = new Thread(() -> load(working, ending));
                loader.setDaemon(true);
                loader.start();
            }
            working.await();
            System.exit(CODE);
        }

        private static void load(CountDownLatch working, CountDownLatch ending) {
            byte[] bytes = SmallPack.embedder(1).model().toByteArray();
            while (ending.getCount() > 0) {
                try (OnnxModel model =
                        OnnxModel.load("m", bytes, new long[] {-1, 3, 128, 128}, List.of((long) SmallPack.DIMENSION))) {
                    model.run(OnnxModel.buffer(3 * 128 * 128), 1, 3, 128, 128);
                }
                working.countDown();
                if (working.getCount() == 0) {
                    ending.countDown();
                }
            }
        }

        private static void await(CountDownLatch ending) {
            try {
                ending.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
