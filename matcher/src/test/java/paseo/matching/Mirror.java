package paseo.matching;

import java.nio.ByteBuffer;
import paseo.events.Embedding;
import paseo.events.Sequence;
import paseo.events.Template;

/** What another model pack sees: the same people, with vectors that are those of {@link Recording} backwards. */
final class Mirror {
    private Mirror() {}

    /** The same direction in the other space. */
    static Embedding of(Embedding embedding) {
        float[] backwards = new float[embedding.dimension()];
        for (int i = 0; i < backwards.length; i++) {
            backwards[i] = embedding.get(backwards.length - 1 - i);
        }
        return Embedding.normalised(backwards);
    }

    /** The same people as a tracker tells of them whose workers use the other pack. */
    static Recording of(Recording file, String pack) {
        file.sequences.replaceAll(event -> event instanceof Sequence sequence ? of(sequence, pack) : event);
        return file;
    }

    private static Sequence of(Sequence s, String pack) {
        Template old = s.template();
        Template template = old == null
                ? null
                : new Template(
                        of(old.centre()),
                        old.weight(),
                        old.concentration(),
                        old.faceCount(),
                        old.prototypes().stream()
                                .map(p -> new Template.Prototype(
                                        p.frame(),
                                        p.faceIndex(),
                                        p.captureTimeMicros(),
                                        p.quality(),
                                        p.pose(),
                                        of(p.embedding()),
                                        ByteBuffer.wrap(new byte[] {4, 5})))
                                .toList());
        return new Sequence(
                s.camera(),
                s.epoch(),
                s.id(),
                s.phase(),
                s.revision(),
                s.track(),
                s.firstFrame(),
                s.lastFrame(),
                s.firstTimeMicros(),
                s.lastTimeMicros(),
                s.faceCount(),
                s.usableCount(),
                s.newMembers(),
                template,
                s.seenWith(),
                s.closeReason(),
                pack);
    }
}
