package paseo.inference;

import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What works side by side: so many lanes, each doing one thing at a time, and as many threads. Safe for many threads.
 *
 * @param <L> what a lane works with, for one thread at a time
 */
final class Lanes<L extends Lanes.Lane> implements AutoCloseable {
    /** What a lane works with. */
    interface Lane extends AutoCloseable {
        @Override
        void close();
    }

    /** How often whoever waits for a lane looks whether there still are any. */
    private static final int LOOK_MILLIS = 500;

    private final int number;
    /** The latest to be done comes first: each holds the memory of the largest picture it has seen. */
    private final BlockingDeque<L> idle = new LinkedBlockingDeque<>();

    private final ExecutorService threads;
    private volatile boolean closed;

    Lanes(int number, Supplier<L> lane) {
        this.number = number;
        for (int i = 0; i < number; i++) {
            idle.add(lane.get());
        }
        AtomicInteger started = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(number, task -> {
            Thread thread = new Thread(task, "paseo-inference-" + started.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How many. */
    int number() {
        return number;
    }

    /**
     * Works on the caller's thread, once a lane is idle.
     *
     * @throws PipelineFailedException if this is closed, or the thread interrupted meanwhile
     */
    <R> R on(Function<L, R> work) {
        L lane = idle();
        try {
            return work.apply(lane);
        } finally {
            idle.addFirst(lane);
        }
    }

    private L idle() {
        try {
            L lane = null;
            while (lane == null) {
                if (closed) {
                    throw new PipelineFailedException("closed");
                }
                lane = idle.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            return lane;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineFailedException("interrupted while waiting for a free lane", e);
        }
    }

    /** Begins something on a thread of its own, or later if all are busy. */
    <R> Future<R> begin(Callable<R> work) {
        return threads.submit(work);
    }

    /** Works on each item, side by side; what comes of them in their order. */
    <I, R> List<R> spread(List<I> items, Function<I, R> work) {
        if (items.size() <= 1) {
            return items.stream().map(work).toList();
        }
        List<Future<R>> running =
                items.stream().map(item -> begin(() -> work.apply(item))).toList();
        return running.stream().map(Lanes::result).toList();
    }

    /**
     * Works on each part of what a lane is at; lanes that are idle help. Only for parts that somebody is at is waited,
     * and none is worked on any more when this returns or throws.
     *
     * @param own the caller's lane
     * @return what comes of the parts, in their order
     */
    <I, R> List<R> share(L own, List<I> parts, BiFunction<L, I, R> work) {
        int helpers = Math.min(parts.size() - 1, idle.size());
        if (helpers <= 0) {
            return parts.stream().map(part -> work.apply(own, part)).toList();
        }
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<R>> results =
                Stream.generate(CompletableFuture<R>::new).limit(parts.size()).toList();
        Consumer<L> help = lane -> {
            for (int i = next.getAndIncrement(); i < parts.size(); i = next.getAndIncrement()) {
                complete(results.get(i), lane, parts.get(i), work);
            }
        };
        try {
            for (int i = 0; i < helpers; i++) {
                threads.execute(() -> helpIfIdle(help));
            }
        } finally {
            help.accept(own);
            CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                    .handle((nothing, failure) -> results)
                    .join();
        }
        return results.stream().map(Lanes::result).toList();
    }

    /**
     * By now all lanes may have found other work. The one that has been idle the longest helps: those before it hold
     * the memory of pictures, which a part of one does not need and the next picture does.
     */
    private void helpIfIdle(Consumer<L> help) {
        L lane = idle.pollLast();
        if (lane != null) {
            try {
                help.accept(lane);
            } finally {
                idle.addLast(lane);
            }
        }
    }

    private static <L, I, R> void complete(CompletableFuture<R> result, L lane, I part, BiFunction<L, I, R> work) {
        try {
            result.complete(work.apply(lane, part));
        } catch (Throwable e) {
            // For whoever asked; a part that nobody completes would be waited for until the end.
            result.completeExceptionally(e);
        }
    }

    /** Waits for what was begun. */
    static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineFailedException("interrupted while waiting for faces", e);
        }
    }

    /** Waits for what is being done, also when interrupted, then closes the lanes. */
    @Override
    public void close() {
        boolean interrupted = false;
        for (int ended = 0; ended < number; ) {
            try {
                idle.take().close();
                ended++;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        closed = true;
        // Only now: what was being done may have asked for help.
        threads.shutdown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
