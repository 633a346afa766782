package paseo.inference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import paseo.events.AccessUnit;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Dropped.Reason;
import paseo.events.Detections.Faces;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;

/** Which frames of a batch are worth looking at, and what is in them. For one thread. */
final class FrameReview {
    private static final long LIVE_PART_MICROS = 150_000;
    private static final long FILE_PART_MICROS = 2_000_000;
    private static final Dropped KILLED = new Dropped(Reason.UNREADABLE, "ended the process twice");
    private static final Dropped SKIPPED = new Dropped(Reason.SKIPPED, "");
    private static final Dropped STALE = new Dropped(Reason.STALE, "");

    private final FacePipeline pipeline;
    private final WorkerMetrics metrics;
    private final UnitSessions units;
    private final DetectionInterval interval;
    private final Map<TopicPartition, DetectEvery> chosen = new HashMap<>();
    private final Freshness freshness = new Freshness();
    private final Pace ofFiles = new Pace();
    private final LiveFirst liveFirst = new LiveFirst();
    private final FairShare share = new FairShare();

    FrameReview(FacePipeline pipeline, WorkerMetrics metrics, UnitSessions units, DetectionInterval interval) {
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.units = units;
        this.interval = interval;
    }

    /** Another worker goes on with these: what comes when they are back does not follow what was seen last. */
    void forget(Collection<TopicPartition> partitions) {
        chosen.keySet().removeAll(partitions);
    }

    /**
     * How many of a batch to look at together: of live pictures few, or what waits behind them becomes stale; of a
     * file's so many that a worker that is to stop, or is asked how it is, is soon done with them.
     */
    int atOnce(FrameBatch batch) {
        return batch.live()
                ? freshness.picturesIn(LIVE_PART_MICROS, pipeline.lanes())
                : ofFiles.picturesIn(FILE_PART_MICROS, pipeline.lanes());
    }

    /** The partitions of files that wait while live pictures grow old. */
    Set<TopicPartition> waiting() {
        return liveFirst.waiting(steadyMicros());
    }

    /**
     * A record's answer.
     *
     * @param record that was read, maybe some time ago
     */
    record Found(ConsumerRecord<String, byte[]> record, Detections detections) {}

    /**
     * What is in each frame, in the order in which they are shown; heartbeats are handed on, and what is stale is not
     * looked at. Access units come out when their pictures are complete.
     */
    List<Found> look(List<FrameBatch.Entry> entries) {
        long start = System.nanoTime();
        List<Found> found = found(entries);
        if (entries.stream().noneMatch(entry -> live(frame(entry)))) {
            ofFiles.took(
                    Math.toIntExact(found.stream()
                            .filter(one -> one.detections().content() instanceof Faces)
                            .count()),
                    System.nanoTime() - start);
        }
        return found;
    }

    private List<Found> found(List<FrameBatch.Entry> entries) {
        List<FrameBatch.Entry> shown = new ArrayList<>();
        IdentityHashMap<FrameBatch.Entry, Future<Detections.Content>> begun = new IdentityHashMap<>();
        for (FrameBatch.Entry entry : entries) {
            comes(entry);
            for (UnitSession.Step<AVFrame> step : units.accept(entry, frame(entry))) {
                shown.add(step.entry());
                boolean looks = looks(step.entry());
                if (step.picture() != null && looks) {
                    begun.put(step.entry(), pipeline.begin(step.picture()));
                } else if (step.picture() != null) {
                    UnitSessions.release(step.picture());
                    begun.put(step.entry(), CompletableFuture.completedFuture(SKIPPED));
                } else if (step.content() == null
                        && !looks
                        && frame(step.entry()).content() instanceof Image) {
                    begun.put(step.entry(), CompletableFuture.completedFuture(SKIPPED));
                } else if (step.content() != null) {
                    begun.put(step.entry(), CompletableFuture.completedFuture(step.content()));
                }
            }
        }
        List<FrameBatch.Entry> others =
                shown.stream().filter(entry -> !begun.containsKey(entry)).toList();
        Iterator<Detections> looked = lookAtImages(others).iterator();
        List<Found> found = new ArrayList<>();
        for (FrameBatch.Entry entry : shown) {
            Future<Detections.Content> content = begun.get(entry);
            found.add(new Found(
                    entry.record(),
                    content == null
                            ? looked.next()
                            : new Detections(frame(entry).reference(), Lanes.result(content))));
        }
        return found;
    }

    /** Also what is not looked at says whose partition it is; only what is makes files wait. */
    private void comes(FrameBatch.Entry entry) {
        Frame.Content content = frame(entry).content();
        if (content instanceof Image || content instanceof AccessUnit) {
            liveFirst.sees(entry.partition(), live(frame(entry)), Long.MAX_VALUE, steadyMicros());
        }
    }

    private boolean looks(FrameBatch.Entry entry) {
        Frame frame = frame(entry);
        if (frame.content() instanceof Heartbeat) {
            detectEvery(entry).heartbeat(frame.reference());
            return false;
        }
        boolean still = frame.content() instanceof Image image && image.still();
        return detectEvery(entry).looks(frame.reference(), live(frame), still);
    }

    private DetectEvery detectEvery(FrameBatch.Entry entry) {
        return chosen.computeIfAbsent(entry.partition(), partition -> new DetectEvery(interval));
    }

    private List<Detections> lookAtImages(List<FrameBatch.Entry> entries) {
        BitSet looked = new BitSet();
        List<Image> fresh = new ArrayList<>();
        long now = nowMicros();
        long steady = steadyMicros();
        for (int i = 0; i < entries.size(); i++) {
            if (frame(entries.get(i)).content() instanceof Image image
                    && !entries.get(i).condemned()) {
                liveFirst.sees(entries.get(i).partition(), image.live(), image.staleAfterMicros() - now, steady);
                if (worthLooking(frame(entries.get(i)), image, fresh.size(), now, steady)) {
                    looked.set(i);
                    if (image.live()) {
                        metrics.age(now - frame(entries.get(i)).reference().captureTimeMicros());
                    }
                    fresh.add(image);
                } else {
                    detectEvery(entries.get(i)).missed(frame(entries.get(i)).reference());
                }
            }
        }
        long start = System.nanoTime();
        var examined = pipeline.examine(fresh).iterator();
        freshness.took(fresh.size(), System.nanoTime() - start);
        List<Detections> found = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Frame frame = frame(entries.get(i));
            Detections.Content content = frame.content() instanceof Heartbeat heartbeat
                    ? heartbeat
                    : entries.get(i).condemned() ? KILLED : looked.get(i) ? examined.next() : STALE;
            found.add(new Detections(frame.reference(), content));
        }
        return found;
    }

    private boolean worthLooking(Frame frame, Image image, int ahead, long nowMicros, long steadyMicros) {
        boolean stale = freshness.stale(image, ahead, nowMicros);
        long left = image.staleAfterMicros() - nowMicros;
        return image.live() ? share.takes(frame.reference().camera(), left, stale, steadyMicros) : !stale;
    }

    private static boolean live(Frame frame) {
        return frame.content() instanceof Image image && image.live();
    }

    private static Frame frame(FrameBatch.Entry entry) {
        return Objects.requireNonNull(entry.frame(), "records that are no frames were left out");
    }

    private static long nowMicros() {
        return System.currentTimeMillis() * 1000;
    }

    /** Whose turn it is must not wait for a clock that was set back; only staleness is told in the time of day. */
    private static long steadyMicros() {
        return System.nanoTime() / 1000;
    }
}
