package paseo.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/** What several codecs need: the messages that travel inside more than one other, and JSON for people. */
final class Wire {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().omittingInsignificantWhitespace().alwaysPrintFieldsWithNoPresence();

    private Wire() {}

    static paseo.events.v1.FrameReference.Builder write(FrameReference reference) {
        return paseo.events.v1.FrameReference.newBuilder()
                .setCamera(reference.camera())
                .setEpoch(reference.epoch())
                .setNumber(reference.number())
                .setCaptureTimeUs(reference.captureTimeMicros())
                .setIngestTimeUs(reference.ingestTimeMicros());
    }

    static FrameReference read(paseo.events.v1.FrameReference message) {
        return new FrameReference(
                message.getCamera(),
                message.getEpoch(),
                message.getNumber(),
                message.getCaptureTimeUs(),
                message.getIngestTimeUs());
    }

    static paseo.events.v1.Heartbeat.Builder write(Heartbeat heartbeat) {
        Source source = heartbeat.source();
        var message = paseo.events.v1.Heartbeat.newBuilder()
                .setState(paseo.events.v1.Heartbeat.State.valueOf(
                        heartbeat.state().name()))
                .setSource(paseo.events.v1.Source.newBuilder()
                        .setName(source.name())
                        .setKind(paseo.events.v1.Source.Kind.valueOf(
                                source.kind().name()))
                        .setWidth(source.width())
                        .setHeight(source.height())
                        .setFrameRate(source.frameRate())
                        .setDurationUs(source.durationMicros())
                        .setRetentionS(source.retentionSeconds()))
                .setDetail(heartbeat.detail());
        heartbeat.camera().ifPresent(status -> message.setCamera(write(status)));
        return message;
    }

    private static paseo.events.v1.CameraStatus.Builder write(CameraStatus status) {
        return paseo.events.v1.CameraStatus.newBuilder()
                .setState(paseo.events.v1.CameraStatus.State.valueOf(
                        status.state().name()))
                .setSinceUs(status.sinceMicros())
                .setFramesRead(status.framesRead())
                .setFramesPublished(status.framesPublished())
                .putAllFramesDropped(status.droppedByReason())
                .setFrameRate(status.frameRate())
                .setConnections(status.connections());
    }

    static Heartbeat read(paseo.events.v1.Heartbeat message) {
        paseo.events.v1.Source source = message.getSource();
        return new Heartbeat(
                same(Heartbeat.State.class, message.getState()),
                new Source(
                        source.getName(),
                        same(Source.Kind.class, source.getKind()),
                        source.getWidth(),
                        source.getHeight(),
                        source.getFrameRate(),
                        source.getDurationUs(),
                        source.getRetentionS()),
                message.getDetail(),
                message.hasCamera() ? Optional.of(read(message.getCamera())) : Optional.empty());
    }

    private static CameraStatus read(paseo.events.v1.CameraStatus message) {
        return new CameraStatus(
                same(CameraStatus.State.class, message.getState()),
                message.getSinceUs(),
                message.getFramesRead(),
                message.getFramesPublished(),
                message.getFramesDroppedMap(),
                message.getFrameRate(),
                message.getConnections());
    }

    static paseo.events.v1.Pose.Builder write(Pose pose) {
        return paseo.events.v1.Pose.newBuilder()
                .setYaw(pose.yaw())
                .setPitch(pose.pitch())
                .setRoll(pose.roll());
    }

    static Pose read(paseo.events.v1.Pose message) {
        return new Pose(message.getYaw(), message.getPitch(), message.getRoll());
    }

    static ByteString write(ByteBuffer bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    static ByteBuffer read(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer();
    }

    /** The constant of ours that has the name of a generated one; a value of a later contract is refused. */
    static <E extends Enum<E>> E same(Class<E> type, Enum<?> generated) {
        try {
            return Enum.valueOf(type, generated.name());
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("unknown " + type.getSimpleName() + " " + generated.name(), e);
        }
    }

    /** The attributes of CloudEvents 1.0 as Kafka headers (Kafka protocol binding, binary mode). */
    static void cloudEvent(Headers headers, String id, String source, String type) {
        set(headers, "content-type", "application/json");
        set(headers, "ce_specversion", "1.0");
        set(headers, "ce_id", id);
        set(headers, "ce_source", source);
        set(headers, "ce_type", type);
    }

    private static void set(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static String json(Message message) {
        try {
            return JSON.print(withoutBytes(message.toBuilder()).build());
        } catch (InvalidProtocolBufferException e) {
            throw new EventFormatException(
                    "cannot print " + message.getDescriptorForType().getFullName(), e);
        }
    }

    /** Embeddings and pictures are personal data and unreadable besides. */
    private static Message.Builder withoutBytes(Message.Builder message) {
        message.getAllFields().forEach((field, value) -> {
            if (field.getType() == FieldDescriptor.Type.BYTES) {
                message.clearField(field);
            } else if (field.getType() == FieldDescriptor.Type.MESSAGE && field.isRepeated()) {
                for (int i = 0; i < ((List<?>) value).size(); i++) {
                    Message element = (Message) message.getRepeatedField(field, i);
                    message.setRepeatedField(
                            field, i, withoutBytes(element.toBuilder()).build());
                }
            } else if (field.getType() == FieldDescriptor.Type.MESSAGE) {
                message.setField(
                        field, withoutBytes(((Message) value).toBuilder()).build());
            }
        });
        return message;
    }
}
