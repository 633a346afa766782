package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;

/** Stores every frame and every detected face of the topic {@code detections}, usable or not. */
final class FaceStore implements TopicHandler<Detections> {
    private final Counter stored;
    private final Runnable described;
    private final Keys keys;

    /**
     * @param keys to seal vectors with
     * @param described run when sources may have become known, on which sightings wait
     */
    FaceStore(Keys keys, MeterRegistry registry, Runnable described) {
        this.keys = keys;
        this.stored = Counter.builder("paseo.faces.stored")
                .description("Faces written to the database, each once")
                .register(registry);
        this.described = described;
    }

    @Override
    public boolean endsTransaction(Detections event) {
        return false;
    }

    @Override
    public Runnable store(Connection connection, List<Detections> events) throws SQLException {
        SessionRows sessions = new SessionRows(connection);
        PackRows packs = new PackRows(connection);
        FrameColumns frames = new FrameColumns();
        List<Looked> looked = new ArrayList<>();
        boolean heartbeats = false;
        for (Detections event : events) {
            FrameReference reference = event.reference();
            long session = sessions.idOf(reference.camera(), reference.epoch());
            if (event.content() instanceof Heartbeat heartbeat) {
                sessions.heartbeat(session, heartbeat, reference.ingestTimeMicros());
                heartbeats = true;
            } else if (event.content() instanceof Detections.Faces found) {
                frames.add(session, reference, found);
                looked.add(new Looked(Frame.of(session, reference), found, packs.idOf(found.modelPack())));
            } else if (event.content() instanceof Detections.Dropped dropped) {
                frames.add(session, reference, dropped);
            }
        }
        Set<Frame> fresh = frames.insert(connection);
        FaceColumns faces = new FaceColumns();
        looked.stream().filter(frame -> fresh.contains(frame.frame())).forEach(faces::add);
        int added = faces.insert(connection, new FaceBlocks(connection, keys));
        return heartbeats
                ? () -> {
                    stored.increment(added);
                    described.run();
                }
                : () -> stored.increment(added);
    }

    /** Where something was seen. */
    private record Frame(long session, int number) {
        static Frame of(long session, FrameReference reference) {
            return new Frame(session, Math.toIntExact(reference.number()));
        }
    }

    /** A frame that was looked at, and what was found there. */
    private record Looked(Frame frame, Detections.Faces found, short pack) {}

    /** The frames of one transaction, by column: a single statement of constant shape stores any number of rows. */
    private static final class FrameColumns {
        private final List<Long> sessions = new ArrayList<>();
        private final List<Integer> numbers = new ArrayList<>();
        private final List<Integer> faceCounts = new ArrayList<>();
        private final List<@Nullable String> dropped = new ArrayList<>();
        private final List<@Nullable Integer> widths = new ArrayList<>();
        private final List<@Nullable Integer> heights = new ArrayList<>();
        private final List<Long> captured = new ArrayList<>();
        private final List<Long> ingested = new ArrayList<>();

        void add(long session, FrameReference reference, Detections.Faces found) {
            add(session, reference, found.faces().size());
            dropped.add(null);
            widths.add(found.sourceWidth());
            heights.add(found.sourceHeight());
        }

        void add(long session, FrameReference reference, Detections.Dropped frame) {
            add(session, reference, 0);
            dropped.add(frame.reason().name());
            widths.add(null);
            heights.add(null);
        }

        private void add(long session, FrameReference reference, int faceCount) {
            sessions.add(session);
            numbers.add(Math.toIntExact(reference.number()));
            faceCounts.add(faceCount);
            captured.add(reference.captureTimeMicros());
            ingested.add(reference.ingestTimeMicros());
        }

        /**
         * A frame that is there already counts nothing. Its faces came with it: those that are not there any more were
         * deleted, and are not to come back because a topic is read once more.
         *
         * @return those that are new
         */
        Set<Frame> insert(Connection connection) throws SQLException {
            if (sessions.isEmpty()) {
                return Set.of();
            }
            return Set.copyOf(Sql.query(
                    connection,
                    """
                    WITH stored AS (
                        INSERT INTO frame
                            (session_id, number, face_count, dropped, width, height, capture_us, ingest_us)
                        SELECT session_id, number, face_count, dropped::drop_reason, width, height, capture_us, ingest_us
                        FROM unnest(?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::integer[], ?::integer[],
                                ?::bigint[], ?::bigint[])
                            AS f (session_id, number, face_count, dropped, width, height, capture_us, ingest_us)
                        ON CONFLICT DO NOTHING
                        RETURNING session_id, number, face_count, dropped
                    ), counted AS (
                        SELECT session_id, min(number) AS first, max(number) AS last, count(*) AS frames,
                               count(dropped) AS dropped, sum(face_count) AS faces
                        FROM stored GROUP BY session_id
                    ), noted AS (
                        UPDATE camera_session s
                        SET first_frame = least(s.first_frame, c.first), last_frame = greatest(s.last_frame, c.last),
                            frames = s.frames + c.frames, frames_dropped = s.frames_dropped + c.dropped,
                            faces = s.faces + c.faces
                        FROM counted c WHERE s.id = c.session_id
                    )
                    SELECT session_id, number FROM stored
                    """,
                    row -> new Frame(row.getLong(1), row.getInt(2)),
                    sessions.toArray(Long[]::new),
                    numbers.toArray(Integer[]::new),
                    faceCounts.toArray(Integer[]::new),
                    dropped.toArray(String[]::new),
                    widths.toArray(Integer[]::new),
                    heights.toArray(Integer[]::new),
                    captured.toArray(Long[]::new),
                    ingested.toArray(Long[]::new)));
        }
    }

    /** The faces of one transaction, by column. */
    private static final class FaceColumns {
        /** Box, score, quality and pose. */
        private static final int NUMBERS = 9;

        private static final int LANDMARKS = 10;

        private final List<Long> sessions = new ArrayList<>();
        private final List<Integer> frames = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();
        private final List<String> usabilities = new ArrayList<>();
        private final List<Float> numbers = new ArrayList<>();
        private final List<Float> landmarks = new ArrayList<>();
        private final List<Integer> packs = new ArrayList<>();
        private final List<@Nullable Embedding> embeddings = new ArrayList<>();

        void add(Looked looked) {
            List<Face> found = looked.found().faces();
            for (int index = 0; index < found.size(); index++) {
                Face face = found.get(index);
                sessions.add(looked.frame().session());
                frames.add(looked.frame().number());
                indexes.add(index);
                usabilities.add(face.usability().name());
                add(face);
                packs.add((int) looked.pack());
                embeddings.add(face.embedding());
            }
        }

        private void add(Face face) {
            numbers.addAll(List.of(
                    face.box().x(),
                    face.box().y(),
                    face.box().width(),
                    face.box().height(),
                    face.score(),
                    face.quality(),
                    face.pose().yaw(),
                    face.pose().pitch(),
                    face.pose().roll()));
            for (float coordinate : face.landmarks().toArray()) {
                landmarks.add(coordinate);
            }
        }

        /** Under the keys of their blocks; null where there is no vector. */
        private @Nullable String[] sealed(FaceBlocks blocks) throws SQLException {
            List<FaceBlocks.Block> all = new ArrayList<>();
            for (int i = 0; i < sessions.size(); i++) {
                all.add(FaceBlocks.Block.of(sessions.get(i), frames.get(i)));
            }
            Map<FaceBlocks.Block, FaceBlocks.Key> held = blocks.take(Set.copyOf(IntStream.range(0, all.size())
                    .filter(i -> embeddings.get(i) != null)
                    .mapToObj(all::get)
                    .toList()));
            @Nullable String[] sealed = new String[all.size()];
            for (int i = 0; i < sealed.length; i++) {
                Embedding embedding = embeddings.get(i);
                FaceBlocks.Key key = held.get(all.get(i));
                sealed[i] = embedding == null || key == null
                        ? null
                        : KeyDatabase.text(key.close(Halves.of(embedding), frames.get(i), indexes.get(i)));
            }
            return sealed;
        }

        int insert(Connection connection, FaceBlocks blocks) throws SQLException {
            if (sessions.isEmpty()) {
                return 0;
            }
            return Sql.update(
                    connection,
                    """
                    INSERT INTO face
                        (session_id, frame, index, usability, x, y, width, height, score, quality, yaw, pitch, roll,
                         landmarks, pack_id, sealed)
                    SELECT session_id, frame, index, usability::usability,
                           v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9],
                           landmarks, pack_id, sealed
                    FROM (
                        SELECT f.*, n.values[%1$d * (f.place - 1) + 1 : %1$d * f.place] AS v,
                               n.landmarks[%2$d * (f.place - 1) + 1 : %2$d * f.place] AS landmarks
                        FROM unnest(?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::integer[], ?::bytea[])
                            WITH ORDINALITY AS f (session_id, frame, index, usability, pack_id, sealed, place),
                            (SELECT ?::real[] AS values, ?::real[] AS landmarks) n) AS face
                    ON CONFLICT DO NOTHING
                    """.formatted(NUMBERS, LANDMARKS),
                    sessions.toArray(Long[]::new),
                    frames.toArray(Integer[]::new),
                    indexes.toArray(Integer[]::new),
                    usabilities.toArray(String[]::new),
                    packs.toArray(Integer[]::new),
                    sealed(blocks),
                    numbers.toArray(Float[]::new),
                    landmarks.toArray(Float[]::new));
        }
    }
}
