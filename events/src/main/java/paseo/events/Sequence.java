package paseo.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One person's faces while in view of one camera, as known at one moment. Each event carries the whole state but for
 * the members, of which it carries those that joined since the previous event.
 *
 * @param camera id of the camera
 * @param epoch session of the camera
 * @param id see {@link #idOf}
 * @param phase of the sequence's life
 * @param revision counts the events of this sequence from 0
 * @param track number of the track in its session, from 0
 * @param firstFrame number of the first frame
 * @param lastFrame number of the last frame with a face
 * @param firstTimeMicros capture time of the first frame
 * @param lastTimeMicros capture time of the last frame with a face
 * @param faceCount faces so far
 * @param usableCount usable faces so far
 * @param newMembers faces that joined since the previous event, in frame order
 * @param template null while no face was usable
 * @param seenWith ids of sequences that shared a frame with this one, sorted: certainly other people
 * @param closeReason why it was closed, null before
 * @param modelPack what made the embeddings, {@code name@version}
 * @param timeMicros capture time of the frame or sign of life that brought this event about
 */
public record Sequence(
        String camera,
        long epoch,
        UUID id,
        Phase phase,
        int revision,
        long track,
        long firstFrame,
        long lastFrame,
        long firstTimeMicros,
        long lastTimeMicros,
        int faceCount,
        int usableCount,
        List<Member> newMembers,
        @Nullable Template template,
        List<UUID> seenWith,
        @Nullable CloseReason closeReason,
        String modelPack,
        long timeMicros)
        implements SequenceEvent {

    /** RFC 9562 namespace of sequence ids, drawn once. */
    private static final UUID NAMESPACE = UUID.fromString("6f1d6a52-3a0e-4f0c-9d0a-5e2b8c1f7a34");

    public Sequence {
        newMembers = List.copyOf(newMembers);
        seenWith = List.copyOf(seenWith);
        if ((phase == Phase.CLOSED) != (closeReason != null)) {
            throw new EventFormatException("a sequence has a close reason if and only if it is closed");
        }
    }

    /** An event that the sequence's latest face brought about. */
    public Sequence(
            String camera,
            long epoch,
            UUID id,
            Phase phase,
            int revision,
            long track,
            long firstFrame,
            long lastFrame,
            long firstTimeMicros,
            long lastTimeMicros,
            int faceCount,
            int usableCount,
            List<Member> newMembers,
            @Nullable Template template,
            List<UUID> seenWith,
            @Nullable CloseReason closeReason,
            String modelPack) {
        this(
                camera,
                epoch,
                id,
                phase,
                revision,
                track,
                firstFrame,
                lastFrame,
                firstTimeMicros,
                lastTimeMicros,
                faceCount,
                usableCount,
                newMembers,
                template,
                seenWith,
                closeReason,
                modelPack,
                lastTimeMicros);
    }

    /** The id of a sequence: UUIDv5 of {@code camera/epoch/firstFrame/track}, the same in every replay. */
    public static UUID idOf(String camera, long epoch, long firstFrame, long track) {
        String name = camera + "/" + epoch + "/" + firstFrame + "/" + track;
        return uuid5(NAMESPACE, name);
    }

    /** Name-based UUID with SHA-1, RFC 9562 section 5.5. */
    private static UUID uuid5(UUID namespace, String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(toBytes(namespace.getMostSignificantBits()));
            sha1.update(toBytes(namespace.getLeastSignificantBits()));
            byte[] hash = sha1.digest(name.getBytes(StandardCharsets.UTF_8));
            long high = (toLong(hash, 0) & ~0xF000L) | 0x5000L;
            long low = (toLong(hash, 8) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    private static byte[] toBytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static long toLong(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }

    /** Where a sequence is in its life. */
    public enum Phase {
        OPENED,
        UPDATED,
        CLOSED
    }

    /** Why a sequence was closed. */
    public enum CloseReason {
        LEFT_VIEW,
        SESSION_ENDED,
        CAMERA_LOST,
        /** Ended early so that two people cannot end up in one sequence. */
        AMBIGUOUS,
        /** Grew to the largest size of a sequence; the person goes on in the next one. */
        FULL
    }

    /**
     * A face of a sequence.
     *
     * @param frame number of the frame
     * @param faceIndex place of the face in the frame's {@link Detections.Faces}
     */
    public record Member(long frame, int faceIndex) {}
}
