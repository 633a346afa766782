package paseo.tracking;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import paseo.events.Pose;
import paseo.events.Sequence.Member;
import paseo.events.Source;

/** {@link CameraSessions} and {@code tracker_state.proto}, to the last bit: a restart must not change any event. */
final class StateCodec {
    private static final int VERSION = 3;

    /**
     * Says of the faces since the last event whether one was usable, not how many. Version 2 knows no unproven branch.
     */
    private static final int OLDEST_VERSION = 1;

    private StateCodec() {}

    static byte[] encode(CameraSessions sessions) {
        var message =
                paseo.tracking.state.Sessions.newBuilder().setVersion(VERSION).setLeadUs(sessions.leadMicros());
        sessions.current().ifPresent(tracker -> message.setCurrent(write(tracker)));
        for (CameraSessions.Ended ended : sessions.ended()) {
            message.addEnded(paseo.tracking.state.Ended.newBuilder()
                    .setEpoch(ended.epoch())
                    .setComplete(ended.complete())
                    .setLiveCamera(ended.kind() == Source.Kind.CAMERA)
                    .setLastNumber(ended.lastNumber())
                    .setNextTrack(ended.nextTrack())
                    .setTimeUs(ended.timeMicros()));
        }
        return message.build().toByteArray();
    }

    /**
     * The sessions of a camera.
     *
     * @param faces gives a kept face by the number of its track and the number of its frame
     * @throws UnreadableStateException if this build cannot read it
     */
    static CameraSessions decode(
            String camera, byte[] bytes, TrackerParameters parameters, BiFunction<Long, Long, KeptFace> faces) {
        try {
            var message = paseo.tracking.state.Sessions.parseFrom(bytes);
            if (message.getVersion() < OLDEST_VERSION || message.getVersion() > VERSION) {
                throw new UnreadableStateException(
                        "the tracker's state of camera " + camera + " has version " + message.getVersion()
                                + ", this build reads versions " + OLDEST_VERSION + " to " + VERSION
                                + ": use the build that wrote it, or reset the application",
                        null);
            }
            return new CameraSessions(
                    camera,
                    parameters,
                    message.hasCurrent() ? read(camera, upToDate(message), parameters, faces) : null,
                    message.getEndedList().stream().map(StateCodec::read).toList(),
                    message.getLeadUs());
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableStateException("the tracker's state of camera " + camera + " is broken", e);
        }
    }

    /** The current session as this version would have written it. */
    @SuppressWarnings("deprecation") // reads what version 1 wrote
    private static paseo.tracking.state.Session upToDate(paseo.tracking.state.Sessions message) {
        if (message.getVersion() > OLDEST_VERSION) {
            return message.getCurrent();
        }
        var session = message.getCurrent().toBuilder();
        session.getTracksBuilderList()
                .forEach(track -> track.setEventUsable(
                        track.getNewUsable() ? track.getUsableCount() - 1 : track.getUsableCount()));
        return session.build();
    }

    static byte[] encode(KeptFace face) {
        ByteBuffer vector =
                ByteBuffer.allocate(face.vector().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        vector.asFloatBuffer().put(face.vector());
        var message = paseo.tracking.state.KeptFace.newBuilder()
                .setFrame(face.frame())
                .setIndex(face.index())
                .setTimeUs(face.timeMicros())
                .setQuality(face.quality())
                .setYaw(face.pose().yaw())
                .setPitch(face.pose().pitch())
                .setRoll(face.pose().roll())
                .setVector(UnsafeByteOperations.unsafeWrap(vector));
        if (face.crop() != null) {
            message.setCropJpeg(UnsafeByteOperations.unsafeWrap(face.crop()));
        }
        return message.build().toByteArray();
    }

    static KeptFace decodeFace(byte[] bytes) {
        try {
            var message = paseo.tracking.state.KeptFace.parseFrom(bytes);
            float[] vector = new float[message.getVector().size() / Float.BYTES];
            message.getVector()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(vector);
            return new KeptFace(
                    message.getFrame(),
                    message.getIndex(),
                    message.getTimeUs(),
                    message.getQuality(),
                    new Pose(message.getYaw(), message.getPitch(), message.getRoll()),
                    vector,
                    message.hasCropJpeg() ? message.getCropJpeg().asReadOnlyByteBuffer() : null);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableStateException("a kept face in the tracker's state is broken", e);
        }
    }

    private static paseo.tracking.state.Session write(Tracker tracker) {
        Tracker.State state = tracker.state;
        return paseo.tracking.state.Session.newBuilder()
                .setEpoch(tracker.epoch())
                .setLastNumber(state.lastNumber)
                .setTimeUs(state.time)
                .setFrameTimeUs(state.frameTime)
                .setIntervalUs(state.interval)
                .setNextTrack(state.nextTrack)
                .setModelPack(state.modelPack)
                .setReconnecting(state.reconnecting)
                .setLiveCamera(state.kind == Source.Kind.CAMERA)
                .setStarted(state.started)
                .addAllTracks(tracker.tracks().stream().map(StateCodec::write).toList())
                .build();
    }

    private static Tracker read(
            String camera,
            paseo.tracking.state.Session message,
            TrackerParameters parameters,
            BiFunction<Long, Long, KeptFace> faces) {
        Tracker.State state = new Tracker.State();
        state.lastNumber = message.getLastNumber();
        state.time = message.getTimeUs();
        state.frameTime = message.getFrameTimeUs();
        state.interval = message.getIntervalUs();
        state.nextTrack = message.getNextTrack();
        state.modelPack = message.getModelPack();
        state.reconnecting = message.getReconnecting();
        state.kind = kind(message.getLiveCamera());
        state.started = message.getStarted();
        List<Track> tracks = message.getTracksList().stream()
                .map(track -> read(camera, message.getEpoch(), track, faces))
                .toList();
        return new Tracker(camera, message.getEpoch(), parameters, state, tracks);
    }

    private static paseo.tracking.state.Track write(Track track) {
        Track.State state = track.state;
        var message = paseo.tracking.state.Track.newBuilder()
                .setNumber(state.number)
                .setFirstFrame(state.firstFrame)
                .setFirstTimeUs(state.firstTime)
                .setLastFrame(state.lastFrame)
                .setLastTimeUs(state.lastTime)
                .setFaceCount(state.faceCount)
                .setUsableCount(state.usableCount)
                .setConfirmed(state.confirmed)
                .setRevision(state.revision)
                .setEventTimeUs(state.eventTime)
                .setEventUsable(state.eventUsable)
                .setCutIn(state.cutIn)
                .setCutOff(state.cutOff)
                .setUnproven(state.unproven)
                .setContradictions(state.contradictions)
                .setOwnSimilarity(state.ownSimilarity)
                .setMotion(write(track.motion()));
        for (Member member : track.pending) {
            message.addPendingFrames(member.frame()).addPendingIndexes(member.faceIndex());
        }
        track.seenWith.forEach(id -> message.addSeenWith(write(id)));
        track.template.faces().forEach(face -> message.addKeptFrames(face.frame()));
        Track branch = track.branch();
        if (branch != null) {
            message.setBranch(write(branch));
        }
        return message.build();
    }

    private static Track read(
            String camera, long epoch, paseo.tracking.state.Track message, BiFunction<Long, Long, KeptFace> faces) {
        Track.State state = new Track.State();
        state.number = message.getNumber();
        state.firstFrame = message.getFirstFrame();
        state.firstTime = message.getFirstTimeUs();
        state.lastFrame = message.getLastFrame();
        state.lastTime = message.getLastTimeUs();
        state.faceCount = message.getFaceCount();
        state.usableCount = message.getUsableCount();
        state.confirmed = message.getConfirmed();
        state.revision = message.getRevision();
        state.eventTime = message.getEventTimeUs();
        state.eventUsable = message.getEventUsable();
        state.cutIn = message.getCutIn();
        state.cutOff = message.getCutOff();
        state.unproven = message.getUnproven();
        state.contradictions = message.getContradictions();
        state.ownSimilarity = message.getOwnSimilarity();
        List<Member> pending = new ArrayList<>();
        for (int i = 0; i < message.getPendingFramesCount(); i++) {
            pending.add(new Member(message.getPendingFrames(i), message.getPendingIndexes(i)));
        }
        return new Track(
                camera,
                epoch,
                state,
                read(message.getMotion()),
                SequenceTemplate.of(message.getKeptFramesList().stream()
                        .map(frame -> faces.apply(message.getNumber(), frame))
                        .toList()),
                pending,
                message.getSeenWithList().stream().map(StateCodec::uuid).toList(),
                message.hasBranch() ? read(camera, epoch, message.getBranch(), faces) : null);
    }

    private static paseo.tracking.state.Motion write(Motion motion) {
        return paseo.tracking.state.Motion.newBuilder()
                .setTimeUs(motion.timeMicros())
                .setX(write(motion.x()))
                .setY(write(motion.y()))
                .setLogSize(write(motion.logSize()))
                .setLogAspect(motion.logAspect())
                .build();
    }

    private static Motion read(paseo.tracking.state.Motion message) {
        return new Motion(
                message.getTimeUs(),
                read(message.getX()),
                read(message.getY()),
                read(message.getLogSize()),
                message.getLogAspect());
    }

    private static paseo.tracking.state.Filter write(ScalarFilter filter) {
        return paseo.tracking.state.Filter.newBuilder()
                .setValue(filter.value())
                .setVelocity(filter.velocity())
                .setValueVariance(filter.valueVariance())
                .setCovariance(filter.covariance())
                .setVelocityVariance(filter.velocityVariance())
                .build();
    }

    private static ScalarFilter read(paseo.tracking.state.Filter message) {
        return new ScalarFilter(
                message.getValue(),
                message.getVelocity(),
                message.getValueVariance(),
                message.getCovariance(),
                message.getVelocityVariance());
    }

    private static CameraSessions.Ended read(paseo.tracking.state.Ended message) {
        return new CameraSessions.Ended(
                message.getEpoch(),
                message.getComplete(),
                kind(message.getLiveCamera()),
                message.getLastNumber(),
                message.getNextTrack(),
                message.getTimeUs());
    }

    private static Source.Kind kind(boolean liveCamera) {
        return liveCamera ? Source.Kind.CAMERA : Source.Kind.FILE;
    }

    private static ByteString write(UUID id) {
        return ByteString.copyFrom(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static UUID uuid(ByteString bytes) {
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
