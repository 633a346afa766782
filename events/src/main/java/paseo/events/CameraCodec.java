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
        return Wire.json(write(camera).toBuilder().setUrl(camera.redactedUrl()).build());
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
        camera.reach()
                .ifPresent(reach -> message.setReach(paseo.events.v1.Reach.newBuilder()
                        .addAllNetworks(
                                reach.networks().stream().map(Network::toString).toList())));
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
                message.getPaused(),
                message.hasReach() ? Optional.of(read(message.getReach())) : Optional.empty());
    }

    private static Reach read(paseo.events.v1.Reach message) {
        return new Reach(message.getNetworksList().stream().map(Network::parse).toList());
    }

    private static Region read(paseo.events.v1.Region message) {
        return new Region(message.getX(), message.getY(), message.getWidth(), message.getHeight());
    }
}
