package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@link SequenceEvent} and {@code paseo.v1.SequenceEvent}. */
final class SequenceCodec extends EventCodec<SequenceEvent> {
    SequenceCodec() {
        super(paseo.events.v1.SequenceEvent.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(SequenceEvent event) {
        return write(event).toByteArray();
    }

    @Override
    public String toJson(SequenceEvent event) {
        return Wire.json(write(event));
    }

    private static paseo.events.v1.SequenceEvent write(SequenceEvent event) {
        var message = paseo.events.v1.SequenceEvent.newBuilder()
                .setCamera(event.camera())
                .setEpoch(event.epoch());
        if (event instanceof Sequence sequence) {
            message.setSequence(write(sequence));
        } else if (event instanceof SequenceEvent.SessionEnded ended) {
            message.setSessionEnded(paseo.events.v1.SessionEnded.newBuilder()
                    .setComplete(ended.complete())
                    .setLastFrame(ended.lastFrame()));
        }
        return message.build();
    }

    private static paseo.events.v1.Sequence.Builder write(Sequence sequence) {
        var message = paseo.events.v1.Sequence.newBuilder()
                .setId(sequence.id().toString())
                .setPhase(
                        paseo.events.v1.Sequence.Phase.valueOf(sequence.phase().name()))
                .setRevision(sequence.revision())
                .setTrack(sequence.track())
                .setFirstFrame(sequence.firstFrame())
                .setLastFrame(sequence.lastFrame())
                .setFirstTimeUs(sequence.firstTimeMicros())
                .setLastTimeUs(sequence.lastTimeMicros())
                .setFaceCount(sequence.faceCount())
                .setUsableCount(sequence.usableCount())
                .setModelPack(sequence.modelPack())
                .setTimeUs(sequence.timeMicros());
        for (Sequence.Member member : sequence.newMembers()) {
            message.addNewMembers(
                    paseo.events.v1.Member.newBuilder().setFrame(member.frame()).setFaceIndex(member.faceIndex()));
        }
        sequence.seenWith().forEach(id -> message.addSeenWith(id.toString()));
        if (sequence.template() != null) {
            message.setTemplate(write(sequence.template()));
        }
        if (sequence.closeReason() != null) {
            message.setCloseReason(paseo.events.v1.Sequence.CloseReason.valueOf(
                    sequence.closeReason().name()));
        }
        return message;
    }

    private static paseo.events.v1.Template.Builder write(Template template) {
        var message = paseo.events.v1.Template.newBuilder()
                .setDimension(template.centre().dimension())
                .setCentre(template.centre().toBytes())
                .setWeight(template.weight())
                .setConcentration(template.concentration())
                .setFaceCount(template.faceCount());
        for (Template.Prototype prototype : template.prototypes()) {
            message.addPrototypes(paseo.events.v1.Prototype.newBuilder()
                    .setFrame(prototype.frame())
                    .setFaceIndex(prototype.faceIndex())
                    .setCaptureTimeUs(prototype.captureTimeMicros())
                    .setQuality(prototype.quality())
                    .setPose(Wire.write(prototype.pose()))
                    .setEmbedding(prototype.embedding().toBytes())
                    .setCropJpeg(Wire.write(prototype.crop())));
        }
        return message;
    }

    @Override
    SequenceEvent parse(byte[] bytes) throws InvalidProtocolBufferException {
        var message = paseo.events.v1.SequenceEvent.parseFrom(bytes);
        return switch (message.getContentCase()) {
            case SEQUENCE -> read(message, message.getSequence());
            case SESSION_ENDED ->
                new SequenceEvent.SessionEnded(
                        message.getCamera(),
                        message.getEpoch(),
                        message.getSessionEnded().getComplete(),
                        message.getSessionEnded().getLastFrame());
            case CONTENT_NOT_SET -> throw new EventFormatException("a sequence event without content");
        };
    }

    private static Sequence read(paseo.events.v1.SequenceEvent event, paseo.events.v1.Sequence message) {
        return new Sequence(
                event.getCamera(),
                event.getEpoch(),
                UUID.fromString(message.getId()),
                Wire.same(Sequence.Phase.class, message.getPhase()),
                message.getRevision(),
                message.getTrack(),
                message.getFirstFrame(),
                message.getLastFrame(),
                message.getFirstTimeUs(),
                message.getLastTimeUs(),
                message.getFaceCount(),
                message.getUsableCount(),
                message.getNewMembersList().stream()
                        .map(member -> new Sequence.Member(member.getFrame(), member.getFaceIndex()))
                        .toList(),
                message.hasTemplate() ? read(message.getTemplate()) : null,
                message.getSeenWithList().stream().map(UUID::fromString).toList(),
                readCloseReason(message),
                message.getModelPack(),
                message.getTimeUs() == 0 ? message.getLastTimeUs() : message.getTimeUs());
    }

    private static Sequence.@Nullable CloseReason readCloseReason(paseo.events.v1.Sequence message) {
        return message.getCloseReason() == paseo.events.v1.Sequence.CloseReason.CLOSE_REASON_UNSPECIFIED
                ? null
                : Wire.same(Sequence.CloseReason.class, message.getCloseReason());
    }

    private static Template read(paseo.events.v1.Template message) {
        return new Template(
                Embedding.ofBytes(message.getCentre()),
                message.getWeight(),
                message.getConcentration(),
                message.getFaceCount(),
                message.getPrototypesList().stream().map(SequenceCodec::read).toList());
    }

    private static Template.Prototype read(paseo.events.v1.Prototype message) {
        return new Template.Prototype(
                message.getFrame(),
                message.getFaceIndex(),
                message.getCaptureTimeUs(),
                message.getQuality(),
                Wire.read(message.getPose()),
                Embedding.ofBytes(message.getEmbedding()),
                Wire.read(message.getCropJpeg()));
    }
}
