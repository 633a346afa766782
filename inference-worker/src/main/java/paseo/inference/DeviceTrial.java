package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import paseo.inference.ModelPack.Role;

/** Detector and embedder of a pack alone on a device, with copies to and fro: for measuring what batches are worth. */
public final class DeviceTrial implements AutoCloseable {
    private static final int WARM_UP = 3;
    /** Of the pictures, pixels. */
    private static final int WIDTH = 1920;

    private static final int HEIGHT = 1080;

    private final OnnxModel detector;
    private final OnnxModel embedder;
    private final Letterbox input;
    private final int embedderWidth;
    private final int embedderHeight;

    private DeviceTrial(OnnxModel detector, OnnxModel embedder, ModelPack pack) {
        this.detector = detector;
        this.embedder = embedder;
        this.input = Letterbox.fit(
                WIDTH, HEIGHT, pack.detector().longestSide(), pack.detector().shortestLongSide());
        this.embedderWidth = pack.embedder().width();
        this.embedderHeight = pack.embedder().height();
    }

    /**
     * Loads the two models.
     *
     * @param acceptedLicences ids of the restricted licences that the user accepts
     * @throws ModelPackException if the device cannot be had, or a model is missing or not what the pack says
     */
    public static DeviceTrial open(ModelPack pack, ModelStore store, Device device, Set<String> acceptedLicences) {
        ModelStore.checkLicence(pack, acceptedLicences);
        Accelerator accelerator = new Accelerator(device, ModelStore.engines());
        accelerator.check();
        byte[] graph =
                ByteInput.of(store.read(pack, Role.DETECTOR), pack.detector().pixels());
        OnnxModel detector = OnnxModel.load(
                pack.name() + "/detector",
                ManyPictures.of(graph),
                new long[] {-1, 3, -1, -1},
                FaceDetector.rows(pack.detector().kind()),
                accelerator);
        try {
            OnnxModel embedder = OnnxModel.load(
                    pack.name() + "/embedder",
                    store.read(pack, Role.EMBEDDER),
                    new long[] {-1, 3, pack.embedder().height(), pack.embedder().width()},
                    List.of((long) pack.embedder().dimension()),
                    accelerator);
            return new DeviceTrial(detector, embedder, pack);
        } catch (ModelPackException e) {
            detector.close();
            throw e;
        }
    }

    /**
     * Pictures of 1080p, scaled to the detector's size, in which it looks for faces, per second.
     *
     * @param batch pictures looked at together
     * @param callers who each ask for a batch, again and again
     */
    public double detections(int batch, int callers, Duration time) {
        return batch
                * perSecond(callers, time, () -> {
                    ByteBuffer pictures =
                            ByteBuffer.allocateDirect(batch * 3 * input.inputWidth() * input.inputHeight());
                    return () -> detector.run(pictures, batch, 3, input.inputHeight(), input.inputWidth());
                });
    }

    /**
     * Aligned faces that are embedded, per second.
     *
     * @param batch faces embedded together
     * @param callers who each ask for a batch, again and again
     */
    public double embeddings(int batch, int callers, Duration time) {
        return batch
                * perSecond(callers, time, () -> {
                    FloatBuffer faces = OnnxModel.buffer(batch * 3 * embedderWidth * embedderHeight);
                    return () -> embedder.run(faces, batch, 3, embedderHeight, embedderWidth);
                });
    }

    /** Makes one caller's work. */
    @FunctionalInterface
    private interface Caller {
        Runnable prepare();
    }

    private static double perSecond(int callers, Duration time, Caller caller) {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                rates.add(threads.submit(() -> rate(caller.prepare(), time)));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static double rate(Runnable work, Duration time) {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        long start = System.nanoTime();
        int count = 0;
        do {
            work.run();
            count++;
        } while (System.nanoTime() - start < time.toNanos());
        return count * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
        detector.close();
        embedder.close();
    }
}
