package paseo.inference;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Computes together what many threads ask for one by one. Nobody waits for company: while the device computes, the next
 * requests gather by themselves, so batches are as large as the device is busy.
 *
 * <p>A session prepares each convolution for the shape that it sees and forgets it for the next one, which takes far
 * longer than to compute it. So batches are filled up to a few sizes, and each shape has a session of its own.
 */
final class BatchingModel implements Model {
    /** Pictures computed together at most. */
    static final int MOST = 64;
    /** Shapes with a session of their own; further ones share one. */
    static final int SHAPES = 32;

    private static final int[] SIZES = {1, 4, 16, MOST};
    /** Batches on their way at a time: one is copied while another is computed. */
    private static final int RUNNERS = 2;

    private final Model model;
    private final Supplier<Model> another;
    private final Map<List<Long>, Model> byShape = new HashMap<>();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final List<Thread> runners = new ArrayList<>();
    private boolean closing;

    /**
     * Starts the threads that compute.
     *
     * @param model takes any number of pictures; closed with this
     * @param another loads the same model again
     */
    BatchingModel(String name, Model model, Supplier<Model> another) {
        this.model = model;
        this.another = another;
        for (int i = 0; i < RUNNERS; i++) {
            Thread runner = new Thread(this::compute, "paseo-" + name + "-" + i);
            runner.setDaemon(true);
            runner.start();
            runners.add(runner);
        }
    }

    /** What one thread waits for. */
    private static final class Request {
        /** As many as {@link #shape} has, from index 0. */
        final Buffer values;

        final long[] shape;
        final CompletableFuture<List<FloatBuffer>> answer = new CompletableFuture<>();

        Request(Buffer values, long... shape) {
            this.values = values;
            this.shape = shape.clone();
        }

        int pictures() {
            return Math.toIntExact(shape[0]);
        }

        /** Values of one picture. */
        int size() {
            return Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
        }

        boolean fits(Request other) {
            return values instanceof ByteBuffer == other.values instanceof ByteBuffer
                    && Arrays.equals(shape, 1, shape.length, other.shape, 1, other.shape.length);
        }
    }

    @Override
    public List<String> outputs() {
        return model.outputs();
    }

    @Override
    public List<FloatBuffer> run(FloatBuffer values, long... shape) {
        return answer(new Request(values, shape));
    }

    @Override
    public List<FloatBuffer> run(ByteBuffer values, long... shape) {
        return answer(new Request(values, shape));
    }

    private List<FloatBuffer> answer(Request request) {
        lock.lock();
        try {
            if (closing) {
                throw new IllegalStateException("the model is closed");
            }
            waiting.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            return request.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void compute() {
        Scratch scratch = new Scratch();
        List<Request> batch = take();
        while (!batch.isEmpty()) {
            try {
                answer(batch, scratch);
            } catch (RuntimeException e) {
                batch.forEach(request -> request.answer.completeExceptionally(e));
            }
            batch = take();
        }
    }

    /** Waits for requests of one shape; none are left to come where there are none. */
    private List<Request> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                // Only closing ends a runner: somebody may be waiting for it.
                changed.awaitUninterruptibly();
            }
            Request first = waiting.poll();
            return first == null ? List.of() : withOthers(first);
        } finally {
            lock.unlock();
        }
    }

    private List<Request> withOthers(Request first) {
        List<Request> batch = new ArrayList<>();
        batch.add(first);
        int pictures = first.pictures();
        for (Iterator<Request> others = waiting.iterator(); others.hasNext(); ) {
            Request other = others.next();
            if (first.fits(other) && pictures + other.pictures() <= MOST) {
                pictures += other.pictures();
                batch.add(other);
                others.remove();
            }
        }
        return batch;
    }

    private void answer(List<Request> batch, Scratch scratch) {
        int pictures = batch.stream().mapToInt(Request::pictures).sum();
        int filled = filled(pictures);
        int size = batch.get(0).size();
        long[] shape = batch.get(0).shape.clone();
        shape[0] = filled;
        Model session = session(shape);
        List<FloatBuffer> outputs = batch.get(0).values instanceof ByteBuffer
                ? session.run(bytes(batch, size, scratch.bytes(filled * size)), shape)
                : session.run(floats(batch, size, scratch.input(filled * size)), shape);
        int at = 0;
        for (Request request : batch) {
            int first = at;
            request.answer.complete(outputs.stream()
                    .map(output -> part(output, output.remaining() / filled, first, request.pictures()))
                    .toList());
            at += request.pictures();
        }
    }

    /** The one that computes batches of that shape, loaded for the first of them. */
    private Model session(long... shape) {
        synchronized (byShape) {
            List<Long> key = Arrays.stream(shape).boxed().toList();
            Model session = byShape.get(key);
            if (session == null && byShape.size() < SHAPES) {
                session = byShape.isEmpty() ? model : another.get();
                byShape.put(key, session);
            }
            return session == null ? model : session;
        }
    }

    /** The least size of a batch that holds so many. */
    static int filled(int pictures) {
        return Arrays.stream(SIZES).filter(size -> size >= pictures).findFirst().orElse(pictures);
    }

    private static ByteBuffer bytes(List<Request> batch, int size, ByteBuffer input) {
        int at = 0;
        for (Request request : batch) {
            int count = request.pictures() * size;
            input.put(at, (ByteBuffer) request.values, 0, count);
            at += count;
        }
        return input;
    }

    private static FloatBuffer floats(List<Request> batch, int size, FloatBuffer input) {
        int at = 0;
        for (Request request : batch) {
            int count = request.pictures() * size;
            input.put(at, (FloatBuffer) request.values, 0, count);
            at += count;
        }
        return input;
    }

    private static FloatBuffer part(FloatBuffer output, int values, int first, int pictures) {
        return output.slice(output.position() + first * values, pictures * values);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread runner : runners) {
            while (runner.isAlive()) {
                try {
                    runner.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        byShape.values().stream().filter(session -> session != model).forEach(Model::close);
        model.close();
    }
}
