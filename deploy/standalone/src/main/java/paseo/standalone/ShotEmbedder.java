package paseo.standalone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Landmarks;
import paseo.events.Template;
import paseo.events.Usability;
import paseo.inference.CropEmbedder;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.inference.ModelPackException;
import paseo.matching.RemadeTemplate;
import paseo.matching.StoredFaces;
import paseo.tracking.SequenceTemplate;

/**
 * Templates from stored pictures: each is embedded with the models of one pack, and what the tracker does with the
 * faces of a sequence is done with these.
 */
final class ShotEmbedder implements AutoCloseable {
    private final FacePipeline pipeline;
    private final CropEmbedder embedder;
    private final ExecutorService threads;
    private final Terminal terminal;
    private final Map<String, Optional<Landmarks>> alignments = new HashMap<>();

    /** @param pipeline stays the caller's */
    ShotEmbedder(FacePipeline pipeline, int threads, Terminal terminal) {
        this.pipeline = pipeline;
        this.embedder = new CropEmbedder(pipeline);
        this.threads = Executors.newFixedThreadPool(threads);
        this.terminal = terminal;
    }

    /** The pack of the models. */
    ModelPack pack() {
        return pipeline.pack();
    }

    /** Templates of sequences, in the same order, without those of whom no picture can be embedded. */
    List<RemadeTemplate> remake(List<StoredFaces> sequences) {
        List<Future<Optional<RemadeTemplate>>> running = sequences.stream()
                .map(faces -> threads.submit(() -> remake(faces)))
                .toList();
        List<RemadeTemplate> remade = new ArrayList<>();
        running.forEach(future -> result(future).ifPresent(remade::add));
        return remade;
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted", e);
        }
    }

    private Optional<RemadeTemplate> remake(StoredFaces faces) {
        SequenceTemplate sequence = new SequenceTemplate();
        Map<Integer, Embedding> vectors = new HashMap<>();
        for (StoredFaces.Shot shot : faces.shots()) {
            Optional<Landmarks> alignment = alignment(shot.alignedBy());
            embedder.embedding(shot.jpeg(), alignment).ifPresent(vector -> {
                vectors.put(shot.ordinal(), vector);
                sequence.add(shot.frame(), shot.faceIndex(), shot.captureTimeMicros(), face(shot, vector));
            });
        }
        Template template = sequence.template();
        return template == null ? Optional.empty() : Optional.of(new RemadeTemplate(faces, template, vectors));
    }

    /** What a template asks of a face; where it was in its frame is not among that. */
    private static Face face(StoredFaces.Shot shot, Embedding vector) {
        return new Face(
                new Box(0, 0, 1, 1),
                1,
                Landmarks.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                shot.pose(),
                shot.quality(),
                Usability.USABLE,
                vector,
                shot.jpeg());
    }

    /** How pictures of a pack are aligned; empty, and said once, where its manifest is not to be had. */
    private synchronized Optional<Landmarks> alignment(String pack) {
        return alignments.computeIfAbsent(pack, name -> {
            Optional<Landmarks> found = manifest(name).map(CropEmbedder::alignment);
            if (found.isEmpty()) {
                terminal.note("how " + name + " aligns faces is not known: they are looked for in the stored pictures");
            }
            return found;
        });
    }

    private Optional<ModelPack> manifest(String id) {
        if (id.equals(pack().id())) {
            return Optional.of(pack());
        }
        try {
            return Optional.of(ModelPack.load(id.substring(0, Math.max(0, id.indexOf('@')))))
                    .filter(pack -> pack.id().equals(id));
        } catch (ModelPackException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
