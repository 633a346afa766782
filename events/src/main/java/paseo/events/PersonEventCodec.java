package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * {@link PersonEvent} and the canonical JSON of {@code paseo.v1.PersonEvent}, a CloudEvent like
 * {@link SightingCodec}'s.
 */
final class PersonEventCodec extends EventCodec<PersonEvent> {
    PersonEventCodec() {
        super(paseo.events.v1.PersonEvent.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(PersonEvent event) {
        return toJson(event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable PersonEvent event) {
        if (event != null) {
            String kind = event.kind().name().toLowerCase(Locale.ROOT);
            Wire.cloudEvent(headers, event.id(), "/persons", "paseo.person." + kind + ".v1");
        }
        return super.serialize(topic, headers, event);
    }

    @Override
    public String toJson(PersonEvent event) {
        var message = paseo.events.v1.PersonEvent.newBuilder()
                .setId(event.id())
                .setKind(paseo.events.v1.PersonEvent.Kind.valueOf(event.kind().name()))
                .setPerson(Math.toIntExact(event.person()))
                .setOther(Math.toIntExact(event.other()))
                .setCause(event.cause())
                .setReverts(Math.toIntExact(event.reverts()))
                .setModelPack(event.modelPack());
        event.sequences().forEach(sequence -> message.addSequenceIds(sequence.toString()));
        event.similarity().ifPresent(message::setSimilarity);
        event.silhouette().ifPresent(message::setSilhouette);
        return Wire.json(message.build());
    }

    @Override
    PersonEvent parse(byte[] bytes) throws InvalidProtocolBufferException {
        var builder = paseo.events.v1.PersonEvent.newBuilder();
        JsonFormat.parser().ignoringUnknownFields().merge(new String(bytes, StandardCharsets.UTF_8), builder);
        var message = builder.build();
        return new PersonEvent(
                message.getId(),
                Wire.same(PersonEvent.Kind.class, message.getKind()),
                message.getPerson(),
                message.getOther(),
                message.getSequenceIdsList().stream().map(UUID::fromString).toList(),
                message.hasSimilarity() ? OptionalDouble.of(message.getSimilarity()) : OptionalDouble.empty(),
                message.getCause(),
                message.getReverts(),
                message.hasSilhouette() ? OptionalDouble.of(message.getSilhouette()) : OptionalDouble.empty(),
                message.getModelPack());
    }
}
