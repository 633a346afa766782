package paseo.events;

import com.google.protobuf.InvalidProtocolBufferException;

/** {@link Detections} and {@code paseo.v1.Detections}. */
final class DetectionsCodec extends EventCodec<Detections> {
    DetectionsCodec() {
        super(paseo.events.v1.Detections.getDescriptor().getFullName());
    }

    @Override
    public byte[] encode(Detections detections) {
        return write(detections).toByteArray();
    }

    @Override
    public String toJson(Detections detections) {
        return Wire.json(write(detections));
    }

    private static paseo.events.v1.Detections write(Detections detections) {
        var message = paseo.events.v1.Detections.newBuilder().setReference(Wire.write(detections.reference()));
        if (detections.content() instanceof Detections.Faces faces) {
            var list = paseo.events.v1.Faces.newBuilder()
                    .setModelPack(faces.modelPack())
                    .setEmbeddingDimension(faces.embeddingDimension())
                    .setSourceWidth(faces.sourceWidth())
                    .setSourceHeight(faces.sourceHeight());
            faces.faces().forEach(face -> list.addFaces(write(face)));
            message.setFaces(list);
        } else if (detections.content() instanceof Heartbeat heartbeat) {
            message.setHeartbeat(Wire.write(heartbeat));
        } else if (detections.content() instanceof Detections.Dropped dropped) {
            message.setDropped(paseo.events.v1.Dropped.newBuilder()
                    .setReason(paseo.events.v1.Dropped.Reason.valueOf(
                            dropped.reason().name()))
                    .setDetail(dropped.detail()));
        }
        return message.build();
    }

    private static paseo.events.v1.Face.Builder write(Face face) {
        var message = paseo.events.v1.Face.newBuilder()
                .setBox(paseo.events.v1.Box.newBuilder()
                        .setX(face.box().x())
                        .setY(face.box().y())
                        .setWidth(face.box().width())
                        .setHeight(face.box().height()))
                .setScore(face.score())
                .setPose(Wire.write(face.pose()))
                .setQuality(face.quality())
                .setUsability(
                        paseo.events.v1.Face.Usability.valueOf(face.usability().name()));
        for (float coordinate : face.landmarks().toArray()) {
            message.addLandmarks(coordinate);
        }
        if (face.embedding() != null) {
            message.setEmbedding(face.embedding().toBytes());
        }
        if (face.crop() != null) {
            message.setCropJpeg(Wire.write(face.crop()));
        }
        return message;
    }

    @Override
    Detections parse(byte[] bytes) throws InvalidProtocolBufferException {
        var message = paseo.events.v1.Detections.parseFrom(bytes);
        return new Detections(
                Wire.read(message.getReference()),
                switch (message.getContentCase()) {
                    case FACES -> read(message.getFaces());
                    case HEARTBEAT -> Wire.read(message.getHeartbeat());
                    case DROPPED ->
                        new Detections.Dropped(
                                Wire.same(
                                        Detections.Dropped.Reason.class,
                                        message.getDropped().getReason()),
                                message.getDropped().getDetail());
                    case CONTENT_NOT_SET -> throw new EventFormatException("detections without content");
                });
    }

    private static Detections.Faces read(paseo.events.v1.Faces message) {
        return new Detections.Faces(
                message.getModelPack(),
                message.getEmbeddingDimension(),
                message.getSourceWidth(),
                message.getSourceHeight(),
                message.getFacesList().stream().map(DetectionsCodec::read).toList());
    }

    private static Face read(paseo.events.v1.Face message) {
        var box = message.getBox();
        return new Face(
                new Box(box.getX(), box.getY(), box.getWidth(), box.getHeight()),
                message.getScore(),
                landmarks(message),
                Wire.read(message.getPose()),
                message.getQuality(),
                Wire.same(Usability.class, message.getUsability()),
                message.getEmbedding().isEmpty() ? null : Embedding.ofBytes(message.getEmbedding()),
                message.getCropJpeg().isEmpty() ? null : Wire.read(message.getCropJpeg()));
    }

    private static Landmarks landmarks(paseo.events.v1.Face message) {
        float[] xy = new float[message.getLandmarksCount()];
        for (int i = 0; i < xy.length; i++) {
            xy[i] = message.getLandmarks(i);
        }
        return Landmarks.of(xy);
    }
}
