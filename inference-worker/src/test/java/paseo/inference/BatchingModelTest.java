package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchingModelTest {
    private static final int PICTURES = 200;

    @Test
    void everybodyGetsWhatBelongsToThem() throws Exception {
        Sums sums = new Sums();
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            List<Future<List<FloatBuffer>>> answers = new ArrayList<>();
            for (int i = 0; i < PICTURES; i++) {
                int number = i;
                // Every third picture is of another size, every fifth request of two pictures.
                int size = number % 3 == 0 ? 2 : 4;
                int pictures = number % 5 == 0 ? 2 : 1;
                answers.add(threads.submit(() -> model.run(picture(number, pictures * size), pictures, size)));
            }
            sums.gate.countDown();
            for (int i = 0; i < PICTURES; i++) {
                int size = i % 3 == 0 ? 2 : 4;
                int pictures = i % 5 == 0 ? 2 : 1;
                List<FloatBuffer> answer = answers.get(i).get();
                assertThat(answer).hasSize(2);
                for (int picture = 0; picture < pictures; picture++) {
                    assertThat(answer.get(0).get(picture)).isEqualTo((float) i * size);
                    assertThat(answer.get(1).get(2 * picture + 1)).isEqualTo((float) i);
                }
                assertThat(answer.get(0).remaining()).isEqualTo(pictures);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(sums.batches).isSubsetOf(1L, 4L, 16L, 64L);
        assertThat(sums.batches).anyMatch(batch -> batch >= 4);
        assertThat(sums.closed).isTrue();
    }

    @Test
    void bytesAreNotMixedWithFloats() {
        Sums sums = new Sums();
        sums.gate.countDown();
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(2).put(0, (byte) 3).put(1, (byte) 4);

            assertThat(model.run(bytes, 1, 2).get(0).get(0)).isEqualTo(7);
            assertThat(model.run(picture(3, 2), 1, 2).get(0).get(0)).isEqualTo(6);
        }
    }

    @Test
    void aShapeThatCannotHaveAModelOfItsOwnIsServedByTheOneThatIsThere() {
        Sums sums = new Sums();
        sums.gate.countDown();
        try (BatchingModel model = new BatchingModel("sums", sums, () -> {
            throw new IllegalStateException("no memory on the device");
        })) {
            assertThat(model.run(picture(3, 2), 1, 2).get(0).get(0)).isEqualTo(6f);
            assertThat(model.run(picture(3, 4), 1, 4).get(0).get(0)).isEqualTo(12f);
            assertThat(model.run(picture(5, 4), 1, 4).get(0).get(0)).isEqualTo(20f);
        }
    }

    @Test
    void aFaultReachesWhoAskedAndTheNextIsServed() {
        Sums sums = new Sums();
        sums.gate.countDown();
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            for (int number = 3; number < 9; number++) {
                assertThatThrownBy(() -> model.run(picture(-1, 2), 1, 2)).hasMessage("negative");
                assertThat(model.run(picture(number, 2), 1, 2).get(0).get(0)).isEqualTo(2f * number);
            }
        }
    }

    @Test
    void anErrorReachesWhoAskedAsWellAndTheNextIsServed() {
        Sums sums = new Sums();
        sums.gate.countDown();
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            assertThatThrownBy(() -> model.run(picture((int) Sums.TOO_MUCH, 1), 1, 1))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(model.run(picture(3, 1), 1, 1).get(0).get(0)).isEqualTo(3);
        }
    }

    @Test
    void nothingIsComputedOverWhatIsStillToBeRead() throws Exception {
        SlowlyRead slow = new SlowlyRead();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (BatchingModel model = new BatchingModel("slow", slow, () -> slow)) {
            Future<List<FloatBuffer>> reads = threads.submit(() -> model.run(picture(1, 2), 1, 2));
            slow.reading.await();
            // There are two places: the next batch has the other one, the one after it has to wait.
            assertThat(model.run(picture(2, 2), 1, 2).get(0).get(0)).isEqualTo(2);
            Future<List<FloatBuffer>> waits = threads.submit(() -> model.run(picture(3, 2), 1, 2));
            assertThatThrownBy(() -> waits.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(slow.runs).hasValue(2);

            slow.go.countDown();

            assertThat(reads.get().get(0).get(0)).isEqualTo(1);
            assertThat(waits.get().get(0).get(0)).isEqualTo(3);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void batchesAreFilledToAFewSizes() {
        assertThat(List.of(1, 2, 4, 5, 16, 17, 64))
                .extracting(BatchingModel::filled)
                .containsExactly(1, 4, 4, 16, 16, 64, 64);
    }

    @Test
    void eachShapeHasASessionOfItsOwnUpToALimit() {
        Sums sums = new Sums();
        sums.gate.countDown();
        int shapes = BatchingModel.SHAPES + 10;
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            for (int round = 0; round < 2; round++) {
                for (int size = 1; size <= shapes; size++) {
                    assertThat(model.run(picture(3, size), 1, size).get(0).get(0))
                            .isEqualTo(3f * size);
                }
            }
            assertThat(sums.others).hasSize(BatchingModel.SHAPES - 1);
            assertThat(sums.others).allSatisfy(other -> assertThat(other.shapes).hasSize(1));
        }
        assertThat(sums.others).allSatisfy(other -> assertThat(other.closed).isTrue());
        assertThat(sums.closed).isTrue();
    }

    private static FloatBuffer picture(int number, int values) {
        FloatBuffer picture = OnnxModel.buffer(values);
        for (int i = 0; i < values; i++) {
            picture.put(i, number);
        }
        return picture;
    }

    /** Gives each picture's first value; what it gives first is not read before it may be. */
    private static final class SlowlyRead implements Model {
        final CountDownLatch reading = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger runs = new AtomicInteger();

        @Override
        public List<String> outputs() {
            return List.of("first");
        }

        @Override
        public List<FloatBuffer> run(FloatBuffer values, long... shape) {
            FloatBuffer first = FloatBuffer.allocate(1).put(0, values.get(0));
            return runs.incrementAndGet() > 1
                    ? List.of(first)
                    : new AbstractList<>() {
                        @Override
                        public FloatBuffer get(int output) {
                            reading.countDown();
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return first;
                        }

                        @Override
                        public int size() {
                            return 1;
                        }
                    };
        }

        @Override
        public List<FloatBuffer> run(ByteBuffer values, long... shape) {
            throw new AssertionError("nobody gives it bytes");
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Gives the sum of each picture's values, and its first and last value. */
    private static final class Sums implements Model {
        static final float TOO_MUCH = 1e6f;

        final CountDownLatch gate = new CountDownLatch(1);
        final List<Sums> others = new ArrayList<>();
        final Set<List<Long>> shapes = new HashSet<>();
        List<Long> batches = Collections.synchronizedList(new ArrayList<>());
        volatile boolean closed;

        /** Counts into the same batches. */
        Sums another() {
            Sums other = new Sums();
            other.batches = batches;
            other.gate.countDown();
            others.add(other);
            return other;
        }

        @Override
        public List<String> outputs() {
            return List.of("sum", "ends");
        }

        @Override
        public List<FloatBuffer> run(FloatBuffer values, long... shape) {
            float[] floats = new float[(int) (shape[0] * shape[1])];
            values.get(0, floats);
            return compute(floats, shape);
        }

        @Override
        public List<FloatBuffer> run(ByteBuffer values, long... shape) {
            float[] floats = new float[(int) (shape[0] * shape[1])];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values.get(i);
            }
            return compute(floats, shape);
        }

        /** As a real model does: the same memory for each run. */
        @Override
        public List<FloatBuffer> run(Buffer values, OutputBuffers into, long... shape) {
            List<FloatBuffer> computed = Model.super.run(values, into, shape);
            if (!into.ready()) {
                into.expect(List.of(new long[] {shape[0]}, new long[] {shape[0], 2}));
                return computed;
            }
            for (int output = 0; output < computed.size(); output++) {
                into.buffers()
                        .get(output)
                        .put(0, computed.get(output), 0, computed.get(output).capacity());
            }
            return into.buffers();
        }

        private List<FloatBuffer> compute(float[] values, long... shape) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            batches.add(shape[0]);
            shapes.add(List.of(shape[0], shape[1]));
            FloatBuffer sums = FloatBuffer.allocate((int) shape[0]);
            FloatBuffer ends = FloatBuffer.allocate(2 * (int) shape[0]);
            int size = (int) shape[1];
            for (int picture = 0; picture < shape[0]; picture++) {
                float sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += values[picture * size + i];
                }
                if (sum == TOO_MUCH) {
                    throw new OutOfMemoryError("as if");
                }
                if (sum < 0) {
                    throw new IllegalStateException("negative");
                }
                sums.put(picture, sum);
                ends.put(2 * picture, values[picture * size]).put(2 * picture + 1, values[picture * size + size - 1]);
            }
            return List.of(sums, ends);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
