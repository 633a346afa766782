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
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes together what many threads ask for one by one. Nobody waits for company: while the device computes, the next
 * requests gather by themselves, so batches are as large as the device is busy.
 *
 * <p>A session prepares each convolution for the shape that it sees and forgets it for the next one, which takes far
 * longer than to compute it. So batches are filled up to a few sizes, and each shape has a session of its own.
 */
final class BatchingModel implements Model {
    private static final Logger log = LoggerFactory.getLogger(BatchingModel.class);

    /** Pictures computed together at most. */
    static final int MOST = 64;
    /** Shapes with a session of their own; further ones share one. */
    static final int SHAPES = 32;

    private static final int[] SIZES = {1, 4, 16, MOST};

    private final Model model;
    private final Supplier<Model> another;
    private final Map<List<Long>, ShapeSession> byShape = new HashMap<>();
    private final Scratch scratch = new Scratch();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final Thread runner;
    private boolean closing;

    /**
     * Starts the thread that computes.
     *
     * @param model takes any number of pictures; closed with this
     * @param another loads the same model again
     */
    BatchingModel(String name, Model model, Supplier<Model> another) {
        this.model = model;
        this.another = another;
        this.runner = new Thread(this::compute, "paseo-" + name);
        runner.setDaemon(true);
        runner.start();
    }

    /** What one thread waits for. */
    private static final class Request {
        /** As many as {@link #shape} has, from index 0. */
        final Buffer values;

        final long[] shape;
        final CompletableFuture<Part> answer = new CompletableFuture<>();

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

    /** One request's share of what was computed together, until it has been read. */
    private record Part(List<FloatBuffer> outputs, int batch, int first, int pictures, Semaphore read) {
        List<FloatBuffer> take() {
            try {
                return outputs.stream().map(this::copy).toList();
            } finally {
                read.release();
            }
        }

        private FloatBuffer copy(FloatBuffer output) {
            int values = output.remaining() / batch;
            FloatBuffer copied = FloatBuffer.allocate(pictures * values);
            return copied.put(0, output, output.position() + first * values, copied.capacity());
        }
    }

    /** Where the outputs of a batch are; used again when everybody has read what is theirs. */
    private static final class Place {
        final OutputBuffers buffers = new OutputBuffers();
        final Semaphore read = new Semaphore(0);
        private int readers;

        void await() {
            read.acquireUninterruptibly(readers);
            readers = 0;
        }

        void readBy(int number) {
            readers = number;
        }
    }

    /** What computes batches of one shape, and into which of two places, while the other is being read. */
    private static final class ShapeSession {
        final Model model;
        private Place next = new Place();
        private Place other = new Place();

        ShapeSession(Model model) {
            this.model = model;
        }

        Place next() {
            Place place = next;
            next = other;
            other = place;
            place.await();
            return place;
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
                throw new PipelineFailedException("the model is closed");
            }
            waiting.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            return request.answer.join().take();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void compute() {
        List<Request> batch = take();
        while (!batch.isEmpty()) {
            try {
                answer(batch);
            } catch (RuntimeException | Error e) {
                // Of whatever kind it is: they would wait for ever, and so would all who come later.
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
                // Only closing ends this: somebody may be waiting for an answer.
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

    private void answer(List<Request> batch) {
        int pictures = batch.stream().mapToInt(Request::pictures).sum();
        int filled = filled(pictures);
        int size = batch.get(0).size();
        long[] shape = batch.get(0).shape.clone();
        shape[0] = filled;
        ShapeSession session = session(shape);
        Place place = session.next();
        Buffer input = batch.get(0).values instanceof ByteBuffer
                ? bytes(batch, size, scratch.bytes(filled * size))
                : floats(batch, size, scratch.input(filled * size));
        List<FloatBuffer> outputs = session.model.run(input, place.buffers, shape);
        List<Part> parts = new ArrayList<>(batch.size());
        int first = 0;
        for (Request request : batch) {
            parts.add(new Part(outputs, filled, first, request.pictures(), place.read));
            first += request.pictures();
        }
        place.readBy(batch.size());
        for (int i = 0; i < parts.size(); i++) {
            batch.get(i).answer.complete(parts.get(i));
        }
    }

    /** What is there for that shape, made for the first batch of it. */
    private ShapeSession session(long... shape) {
        List<Long> key = Arrays.stream(shape).boxed().toList();
        ShapeSession session = byShape.get(key);
        if (session == null) {
            boolean own = byShape.size() < SHAPES;
            session = new ShapeSession(own && !byShape.isEmpty() ? another() : model);
            if (own) {
                byShape.put(key, session);
            }
        }
        return session;
    }

    /** One more, or the one that is there where the device has no memory for it: that is slower, and works. */
    private Model another() {
        try {
            return another.get();
        } catch (RuntimeException e) {
            log.warn("one more shape of batch has no model of its own", e);
            return model;
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
        while (runner.isAlive()) {
            try {
                runner.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        byShape.values().stream()
                .map(session -> session.model)
                .filter(own -> own != model)
                .forEach(Model::close);
        model.close();
    }
}
