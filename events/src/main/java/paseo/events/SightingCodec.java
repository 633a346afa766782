package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * {@link Sighting} and the canonical JSON of {@code paseo.v1.Sighting}, with the CloudEvents 1.0 attributes as Kafka
 * headers (CloudEvents Kafka protocol binding, binary mode).
 */
final class SightingCodec extends EventCodec<Sighting> {
    SightingCodec() {
        super(paseo.events.v1.Sighting.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(Sighting sighting) {
        return toJson(sighting).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable Sighting sighting) {
        if (sighting != null) {
            Wire.cloudEvent(headers, id(sighting), "/cameras/" + sighting.camera(), "paseo.sighting.v1");
        }
        return super.serialize(topic, headers, sighting);
    }

    /** The final word keeps the sequence's own id. */
    private static String id(Sighting sighting) {
        return sighting.provisional()
                ? sighting.sequenceId() + "/" + sighting.revision()
                : sighting.sequenceId().toString();
    }

    @Override
    public String toJson(Sighting sighting) {
        var message = paseo.events.v1.Sighting.newBuilder()
                .setSequenceId(sighting.sequenceId().toString())
                .setDecision(paseo.events.v1.Sighting.Decision.valueOf(
                        sighting.decision().name()))
                .setPerson(Math.toIntExact(sighting.person()))
                .setCamera(sighting.camera())
                .setEpoch(sighting.epoch())
                .setSource(sighting.source())
                .setFirstFrame(Math.toIntExact(sighting.firstFrame()))
                .setLastFrame(Math.toIntExact(sighting.lastFrame()))
                .setStartSeconds(sighting.startSeconds())
                .setEndSeconds(sighting.endSeconds())
                .setFaceCount(sighting.faceCount())
                .setUsableCount(sighting.usableCount())
                .setGallerySize(Math.toIntExact(sighting.gallerySize()))
                .setCalibration(sighting.calibration())
                .setModelPack(sighting.modelPack())
                .setProvisional(sighting.provisional())
                .setRevision(sighting.revision());
        sighting.similarity().ifPresent(message::setSimilarity);
        sighting.runnerUp().ifPresent(message::setRunnerUp);
        sighting.threshold().ifPresent(message::setThreshold);
        sighting.identifiedSeconds().ifPresent(message::setIdentifiedSeconds);
        return Wire.json(message.build());
    }

    @Override
    Sighting parse(byte[] bytes) throws InvalidProtocolBufferException {
        var builder = paseo.events.v1.Sighting.newBuilder();
        JsonFormat.parser().ignoringUnknownFields().merge(new String(bytes, StandardCharsets.UTF_8), builder);
        var message = builder.build();
        return new Sighting(
                UUID.fromString(message.getSequenceId()),
                Wire.same(Decision.class, message.getDecision()),
                message.getPerson(),
                message.getCamera(),
                message.getEpoch(),
                message.getSource(),
                message.getFirstFrame(),
                message.getLastFrame(),
                message.getStartSeconds(),
                message.getEndSeconds(),
                message.getFaceCount(),
                message.getUsableCount(),
                message.hasSimilarity() ? OptionalDouble.of(message.getSimilarity()) : OptionalDouble.empty(),
                message.hasRunnerUp() ? OptionalDouble.of(message.getRunnerUp()) : OptionalDouble.empty(),
                message.hasThreshold() ? OptionalDouble.of(message.getThreshold()) : OptionalDouble.empty(),
                message.getGallerySize(),
                message.getCalibration(),
                message.getModelPack(),
                message.getProvisional(),
                message.hasIdentifiedSeconds()
                        ? OptionalDouble.of(message.getIdentifiedSeconds())
                        : OptionalDouble.empty(),
                message.getRevision());
    }
}
