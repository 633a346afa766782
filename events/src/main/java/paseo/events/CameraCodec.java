package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;

/** {@link Camera} and {@code paseo.v1.Camera}. */
final class CameraCodec extends EventCodec<Camera> {
    CameraCodec() {
        super(paseo.events.v1.Camera.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(Camera camera) {
        return write(camera).toByteArray();
    }

    @Override
    public String toJson(Camera camera) {
        return Wire.json(write(camera));
    }

    private static paseo.events.v1.Camera write(Camera camera) {
        var message = paseo.events.v1.Camera.newBuilder()
                .setId(camera.id())
                .setUrl(camera.url())
                .setFps(camera.fps())
                .setPaused(camera.paused())
                .setLeastFace(camera.leastFace())
                .setRetentionS(camera.retentionSeconds());
        camera.region()
                .ifPresent(region -> message.setRegion(paseo.events.v1.Region.newBuilder()
                        .setX(region.x())
                        .setY(region.y())
                        .setWidth(region.width())
                        .setHeight(region.height())));
        return message.build();
    }

    @Override
    Camera parse(byte[] bytes) throws InvalidProtocolBufferException {
        var message = paseo.events.v1.Camera.parseFrom(bytes);
        return new Camera(
                message.getId(),
                message.getUrl(),
                message.getFps(),
                message.getLeastFace(),
                message.hasRegion() ? Optional.of(read(message.getRegion())) : Optional.empty(),
                message.getRetentionS(),
                message.getPaused());
    }

    private static Region read(paseo.events.v1.Region message) {
        return new Region(message.getX(), message.getY(), message.getWidth(), message.getHeight());
    }
}
