package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    void aFaultReachesWhoAskedAndTheNextIsServed() {
        Sums sums = new Sums();
        sums.gate.countDown();
        try (BatchingModel model = new BatchingModel("sums", sums, sums::another)) {
            assertThatThrownBy(() -> model.run(picture(-1, 2), 1, 2)).hasMessage("negative");
            assertThat(model.run(picture(3, 2), 1, 2).get(0).get(0)).isEqualTo(6);
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

    /** Gives the sum of each picture's values, and its first and last value. */
    private static final class Sums implements Model {
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
