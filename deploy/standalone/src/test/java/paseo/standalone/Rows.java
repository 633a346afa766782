package paseo.standalone;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Decision;
import paseo.standalone.Findings.BestShot;
import paseo.standalone.Findings.FaceFound;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/** Findings made by hand: two people in one file, one of them seen before, and one file that could not be read. */
final class Rows {
    static final UUID FIRST = UUID.fromString("00000000-0000-5000-8000-000000000001");
    static final UUID SECOND = UUID.fromString("00000000-0000-5000-8000-000000000002");
    static final UUID THIRD = UUID.fromString("00000000-0000-5000-8000-000000000003");

    /** In no source of these. */
    private static final UUID BEFORE = UUID.fromString("00000000-0000-5000-8000-000000000009");

    private static final String CAMERA = "a-12345678";

    private Rows() {}

    static Findings findings() {
        return new Findings(
                List.of(
                        new SourceFound(CAMERA, 7, "a \"b\", <c>.mp4", 10, 120, 33, Optional.empty()),
                        new SourceFound("", 0, "none.mp4", 0, 0, 0, Optional.of("none.mp4 does not exist"))),
                List.of(
                        new PersonFound(
                                2,
                                FIRST,
                                new Moment("a \"b\", <c>.mp4", 1),
                                new Moment("a \"b\", <c>.mp4", 2.5),
                                1,
                                18,
                                OptionalDouble.empty(),
                                OptionalLong.of(1),
                                OptionalDouble.of(0.12345)),
                        new PersonFound(
                                1,
                                BEFORE,
                                new Moment("old.mp4", 61.25),
                                new Moment("a \"b\", <c>.mp4", 9.96),
                                3,
                                44,
                                OptionalDouble.of(0.61234),
                                OptionalLong.of(2),
                                OptionalDouble.of(0.12345))),
                List.of(
                        sequence(FIRST, Decision.NEW, 2, 12, 30, 18, 18, OptionalDouble.empty()),
                        sequence(SECOND, Decision.RECOGNISED, 1, 60, 75, 14, 12, OptionalDouble.of(0.7)),
                        sequence(THIRD, Decision.UNUSABLE, 0, 80, 82, 1, 0, OptionalDouble.empty())));
    }

    private static SequenceFound sequence(
            UUID id,
            Decision decision,
            long person,
            long first,
            long last,
            long faces,
            long usable,
            OptionalDouble like) {
        return new SequenceFound(
                id,
                decision,
                person,
                CAMERA,
                7,
                "a \"b\", <c>.mp4",
                first,
                last,
                first / 12.0,
                last / 12.0,
                faces,
                usable,
                like,
                like.isPresent() ? OptionalDouble.of(-0.00001) : OptionalDouble.empty(),
                like.isPresent() ? OptionalDouble.of(0.35) : OptionalDouble.empty(),
                usable == 0
                        ? List.of()
                        : List.of(new BestShot(first, first / 12.0, 0.5, ByteBuffer.wrap(new byte[] {1, 2, 3}))));
    }

    static FaceFound face(long frame, Optional<UUID> sequence, long person) {
        return new FaceFound(
                "a \"b\", <c>.mp4",
                frame,
                frame / 12.0,
                10.04,
                20.05,
                31.26,
                40,
                0.98765,
                -1.04,
                2,
                -0.04,
                0.5,
                sequence,
                person);
    }
}
