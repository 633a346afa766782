package paseo.events;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * One event of every kind, with every field set to something. The golden files hold exactly these: never change one,
 * add another.
 */
final class Examples {
    static final FrameReference REFERENCE =
            new FrameReference("entrance-1a2b3c4d", 81_985_529_216_486L, 41, 3_416_667, 1_790_000_000_123_456L);
    static final Source SOURCE = new Source("entrance.mp4", Source.Kind.FILE, 1920, 1080, 12.5, 27_333_333);
    static final Heartbeat HEARTBEAT = new Heartbeat(Heartbeat.State.RECONNECTING, SOURCE, "no data for 3 s");
    static final Frame IMAGE = new Frame(REFERENCE, new Image(bytes(1, 2, 3), 1920, 1080, 3840, 2160));
    static final Frame SIGN_OF_LIFE = new Frame(REFERENCE, HEARTBEAT);

    static final Embedding EMBEDDING = Embedding.normalised(new float[] {3, -4, 0, 12});
    static final Face USABLE = new Face(
            new Box(10.5f, 20.25f, 61, 83),
            0.97f,
            Landmarks.of(20, 50, 55, 51, 38, 70, 25, 85, 50, 86),
            new Pose(-12.5f, 3, 1.5f),
            0.71f,
            Usability.USABLE,
            EMBEDDING,
            bytes(9, 8, 7));
    static final Face TOO_SMALL = new Face(
            new Box(300, 40, 14, 18),
            0.66f,
            Landmarks.of(302, 45, 310, 45, 306, 50, 303, 54, 309, 54),
            new Pose(0, 0, 0),
            0.1f,
            Usability.TOO_SMALL,
            null,
            null);
    static final Detections FACES =
            new Detections(REFERENCE, new Detections.Faces("retail@1", 4, 3840, 2160, List.of(USABLE, TOO_SMALL)));
    static final Detections DROPPED =
            new Detections(REFERENCE, new Detections.Dropped(Detections.Dropped.Reason.UNREADABLE, "not a JPEG file"));
    static final Detections HANDED_ON = new Detections(REFERENCE, HEARTBEAT);

    static final UUID SEQUENCE_ID = Sequence.idOf("entrance-1a2b3c4d", 81_985_529_216_486L, 30, 2);
    static final Sequence CLOSED = new Sequence(
            "entrance-1a2b3c4d",
            81_985_529_216_486L,
            SEQUENCE_ID,
            Sequence.Phase.CLOSED,
            3,
            2,
            30,
            41,
            2_500_000,
            3_416_667,
            12,
            11,
            List.of(new Sequence.Member(40, 0), new Sequence.Member(41, 1)),
            new Template(
                    EMBEDDING,
                    7.25,
                    0.875,
                    11,
                    List.of(new Template.Prototype(
                            41, 1, 3_416_667, 0.71f, new Pose(-12.5f, 3, 1.5f), EMBEDDING, bytes(9, 8, 7)))),
            List.of(Sequence.idOf("entrance-1a2b3c4d", 81_985_529_216_486L, 28, 1)),
            Sequence.CloseReason.LEFT_VIEW,
            "retail@1");
    static final Sequence UPDATED = new Sequence(
            "entrance-1a2b3c4d",
            81_985_529_216_486L,
            SEQUENCE_ID,
            Sequence.Phase.UPDATED,
            2,
            2,
            30,
            39,
            2_500_000,
            3_250_000,
            10,
            9,
            List.of(new Sequence.Member(39, 0)),
            null,
            List.of(),
            null,
            "retail@1",
            3_333_333);
    static final SequenceEvent ENDED =
            new SequenceEvent.SessionEnded("entrance-1a2b3c4d", 81_985_529_216_486L, true, 327);

    static final Sighting SIGHTING = new Sighting(
            SEQUENCE_ID,
            Decision.RECOGNISED,
            2345,
            "entrance-1a2b3c4d",
            81_985_529_216_486L,
            "entrance.mp4",
            30,
            41,
            2.5,
            3.416667,
            12,
            11,
            OptionalDouble.of(0.625),
            OptionalDouble.empty(),
            OptionalDouble.of(0.42),
            7,
            "retail@1/start",
            "retail@1",
            false,
            OptionalDouble.empty(),
            0);

    static final Sighting PROVISIONAL = new Sighting(
            SEQUENCE_ID,
            Decision.NEW,
            2346,
            "entrance-1a2b3c4d",
            81_985_529_216_486L,
            "entrance.mp4",
            30,
            36,
            2.5,
            3,
            7,
            5,
            OptionalDouble.of(0.125),
            OptionalDouble.of(0.0625),
            OptionalDouble.of(0.375),
            7,
            "retail-1",
            "retail@1",
            true,
            OptionalDouble.of(3),
            1);

    static final PersonEvent MERGED = new PersonEvent(
            "ledger/17",
            PersonEvent.Kind.MERGED,
            12,
            34,
            List.of(SEQUENCE_ID),
            OptionalDouble.of(0.625),
            "agreement",
            3,
            OptionalDouble.empty(),
            "retail@1");
    static final PersonEvent SILHOUETTE = new PersonEvent(
            "silhouette/12/5",
            PersonEvent.Kind.SILHOUETTE,
            12,
            0,
            List.of(),
            OptionalDouble.empty(),
            "",
            0,
            OptionalDouble.of(-0.25),
            "retail@1");

    static final Camera CAMERA = new Camera(
            "entrance",
            "rtsp://${env:ENTRANCE_USER}:${env:ENTRANCE_PASSWORD}@10.0.0.5/stream1",
            7.5,
            0,
            Optional.of(new Region(0.25, 0, 0.5, 0.75)),
            0,
            true);
    static final Frame LIVE_IMAGE = new Frame(
            new FrameReference("entrance", 1_790_000_000_000L, 41, 1_790_000_003_416_667L, 1_790_000_003_500_000L),
            new Image(bytes(1, 2, 3), 1920, 1080, 3840, 2160, 1_790_000_005_416_667L, 0, false));
    static final Camera LARGE_FACES = new Camera("gate", "rtsp://10.0.0.6/1", 0, 64, Optional.empty(), 0, false);
    static final Frame LARGE_FACES_IMAGE = new Frame(
            LIVE_IMAGE.reference(),
            new Image(bytes(1, 2, 3), 1920, 1080, 3840, 2160, 1_790_000_005_416_667L, 64, false));
    static final Frame STILL_IMAGE =
            new Frame(REFERENCE, new Image(bytes(1, 2, 3), 1920, 1080, 3840, 2160).still(true));
    static final Camera FORGETFUL = new Camera("lift", "rtsp://10.0.0.7/1", 0, 0, Optional.empty(), 86_400, false);
    static final Camera CONFINED = new Camera(
            "yard",
            "rtsp://${env:PASEO_CAMERA_USER}:${env:PASEO_CAMERA_PASSWORD}@yard.example/1",
            0,
            0,
            Optional.empty(),
            0,
            false,
            Optional.of(Reach.parse("192.168.7.0/24,fd00::/8")));
    static final Frame FORGETFUL_SIGN_OF_LIFE = new Frame(
            REFERENCE,
            new Heartbeat(Heartbeat.State.LIVE, new Source("lift", Source.Kind.CAMERA, 1280, 720, 10, 0, 86_400), ""));
    static final Heartbeat FROZEN = new Heartbeat(
            Heartbeat.State.LIVE,
            new Source("entrance", Source.Kind.CAMERA, 3840, 2160, 15, 0),
            "the picture stands still",
            Optional.of(new CameraStatus(
                    CameraStatus.State.FROZEN,
                    1_790_000_003_000_000L,
                    400,
                    390,
                    Map.of("sampled", 7L, "overrun", 2L),
                    14.5,
                    3)));
    static final Frame CAMERA_FROZEN = new Frame(LIVE_IMAGE.reference(), FROZEN);

    static final Frame ACCESS_UNIT =
            new Frame(REFERENCE, new AccessUnit(bytes(0, 0, 0, 1, 101), "h264", bytes(1, 100), true, 43, 2, false));
    static final Frame SUPPORT =
            new Frame(REFERENCE, new AccessUnit(bytes(0, 0, 1, 65), "hevc", bytes(), false, 44, 0, true));
    static final Detections WITHOUT_KEY = new Detections(
            REFERENCE, new Detections.Dropped(Detections.Dropped.Reason.NO_KEY_PICTURE, "unit 3 follows unit 1"));

    private Examples() {}

    static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip().asReadOnlyBuffer();
    }
}
