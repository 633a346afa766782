package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;

/** {@link Frame} and {@code paseo.v1.Frame}. */
final class FrameCodec extends EventCodec<Frame> {
    FrameCodec() {
        super(paseo.events.v1.Frame.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(Frame frame) {
        return write(frame).toByteArray();
    }

    @Override
    public String toJson(Frame frame) {
        return Wire.json(write(frame));
    }

    private static paseo.events.v1.Frame write(Frame frame) {
        var message = paseo.events.v1.Frame.newBuilder().setReference(Wire.write(frame.reference()));
        if (frame.content() instanceof Image image) {
            message.setImage(paseo.events.v1.Image.newBuilder()
                    .setJpeg(Wire.write(image.jpeg()))
                    .setWidth(image.width())
                    .setHeight(image.height())
                    .setSourceWidth(image.sourceWidth())
                    .setSourceHeight(image.sourceHeight())
                    .setStaleAfterUs(image.staleAfterMicros())
                    .setLeastFace(image.leastFace())
                    .setStill(image.still()));
        } else if (frame.content() instanceof Heartbeat heartbeat) {
            message.setHeartbeat(Wire.write(heartbeat));
        } else if (frame.content() instanceof AccessUnit unit) {
            message.setAccessUnit(paseo.events.v1.AccessUnit.newBuilder()
                    .setData(Wire.write(unit.data()))
                    .setCodec(unit.codec())
                    .setExtradata(Wire.write(unit.extradata()))
                    .setKey(unit.key())
                    .setPosition(unit.position())
                    .setDelay(unit.delay())
                    .setSupport(unit.support()));
        }
        return message.build();
    }

    @Override
    Frame parse(byte[] bytes) throws InvalidProtocolBufferException {
        var message = paseo.events.v1.Frame.parseFrom(bytes);
        return new Frame(
                Wire.read(message.getReference()),
                switch (message.getContentCase()) {
                    case IMAGE -> read(message.getImage());
                    case HEARTBEAT -> Wire.read(message.getHeartbeat());
                    case ACCESS_UNIT -> read(message.getAccessUnit());
                    case CONTENT_NOT_SET -> throw new EventFormatException("a frame without image or heartbeat");
                });
    }

    private static Image read(paseo.events.v1.Image message) {
        return new Image(
                Wire.read(message.getJpeg()),
                message.getWidth(),
                message.getHeight(),
                message.getSourceWidth(),
                message.getSourceHeight(),
                message.getStaleAfterUs(),
                message.getLeastFace(),
                message.getStill());
    }

    private static AccessUnit read(paseo.events.v1.AccessUnit message) {
        return new AccessUnit(
                Wire.read(message.getData()),
                message.getCodec(),
                Wire.read(message.getExtradata()),
                message.getKey(),
                message.getPosition(),
                message.getDelay(),
                message.getSupport());
    }
}
