package paseo.evaluation.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import paseo.events.Detections;
import paseo.events.Sequence;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.events.Topics;

/** Reads what a trial has left, with SQL and a consumer of its own: nothing of the services looks here at itself. */
final class Verifier {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String FRAMES = """
            SELECT c.camera, c.epoch, f.number, f.face_count, f.dropped, f.width, f.height, f.capture_us
            FROM frame f JOIN camera_session c ON c.id = f.session_id ORDER BY 1, 2, 3
            """;
    private static final String FACES = """
            SELECT c.camera, c.epoch, f.frame, f.index, f.usability, f.x, f.y, f.width, f.height, f.score, f.quality,
                   f.yaw, f.pitch, f.roll, f.sealed IS NULL, s.id
            FROM face f JOIN camera_session c ON c.id = f.session_id
            LEFT JOIN sequence_face m USING (session_id, frame, index) LEFT JOIN sequence s ON s.no = m.sequence_no
            ORDER BY 1, 2, 3, 4
            """;
    private static final String SEQUENCES = """
            SELECT s.id, c.camera, s.phase, s.revision, s.first_frame, s.last_frame, s.first_us, s.last_us, s.faces,
                   s.usable, s.close_reason, s.decision = 'UNUSABLE'
            FROM sequence s JOIN camera_session c ON c.id = s.session_id ORDER BY 1
            """;
    private static final String TEMPLATES = """
            SELECT s.id, t.ordinal, t.frame, t.face_index, t.weight, t.face_count, md5(t.embedding::text),
                   t.person IS NOT DISTINCT FROM s.person
            FROM template t JOIN sequence s ON s.no = t.sequence_no ORDER BY 1, 2
            """;
    private static final String CONFLICTS = "SELECT sequence, other FROM sequence_conflict ORDER BY 1, 2";
    private static final String PEOPLE = "SELECT person, id FROM sequence WHERE person IS NOT NULL";
    private static final String ONE_FRAME_ONE_PERSON = """
            SELECT DISTINCT s.id, o.id FROM sequence_face a
            JOIN sequence_face b ON b.session_id = a.session_id AND b.frame = a.frame AND b.sequence_no > a.sequence_no
            JOIN sequence s ON s.no = a.sequence_no JOIN sequence o ON o.no = b.sequence_no AND o.person = s.person
            """;
    private static final String WAITING =
            "SELECT (SELECT count(*) FROM sighting_outbox) + (SELECT count(*) FROM person_outbox)";
    private static final String GAPS = """
            SELECT number FROM generate_series(1, (SELECT coalesce(max(number), 0) FROM person)) AS all_numbers(number)
            WHERE number NOT IN (SELECT number FROM person)
            """;
    private static final String FILLED = "SELECT id FROM gallery_filled";
    private static final Duration FILLING = Duration.ofMinutes(1);
    private static final String CONSUMED = "SELECT topic, partition, next_offset FROM consumed_offset";

    private final Connection database;
    private final Sealed sealed;
    private final String kafka;
    private final List<String> faults = new ArrayList<>();

    /**
     * A reader of one trial's remains.
     *
     * @param keys the database with which the other one is sealed
     * @param kafka bootstrap servers
     */
    Verifier(Connection database, Connection keys, String kafka) throws SQLException {
        this.database = database;
        this.sealed = new Sealed(database, keys);
        this.kafka = kafka;
    }

    Evidence evidence() throws SQLException {
        SortedMap<String, List<String>> rows = new TreeMap<>();
        awaitFilled();
        rows.put("frames", rows(FRAMES));
        rows.put("faces", rows(FACES));
        rows.put("sequences", rows(SEQUENCES));
        rows.put("templates", rows(TEMPLATES));
        rows.put("pictures", sealed.pictures());
        rows.put("vectors of faces", sealed.faces());
        rows.put("conflicts", rows(CONFLICTS));
        rows(ONE_FRAME_ONE_PERSON).forEach(pair -> faults.add("I11: two faces of one frame are one person: " + pair));
        rows(GAPS).forEach(number -> faults.add("I6: there is no person " + number + ", but later ones"));
        if (!rows(WAITING).equals(List.of("0"))) {
            faults.add("I5: " + rows(WAITING) + " events wait to be published");
        }
        Map<String, Set<String>> finals = new HashMap<>();
        Map<String, Integer> closings = new HashMap<>();
        readTopics(finals, closings);
        return new Evidence(rows, people(), finals, closings, List.copyOf(faults));
    }

    /** What is searched is made again behind a crash. */
    private void awaitFilled() throws SQLException {
        long deadline = System.nanoTime() + FILLING.toNanos();
        while (rows(FILLED).isEmpty()) {
            if (System.nanoTime() > deadline) {
                faults.add("I5: the vectors that are searched were not made again");
                return;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private Set<SortedSet<String>> people() throws SQLException {
        Map<String, SortedSet<String>> people = new HashMap<>();
        for (String row : rows(PEOPLE)) {
            String[] parts = row.split(" ", 2);
            people.computeIfAbsent(parts[0], first -> new TreeSet<>()).add(parts[1]);
        }
        return new HashSet<>(people.values());
    }

    private void readTopics(Map<String, Set<String>> finals, Map<String, Integer> closings) throws SQLException {
        Map<TopicPartition, Long> behind = new HashMap<>();
        Map<String, SortedSet<Long>> numbers = new TreeMap<>();
        for (Topic<?> topic : List.of(Topics.DETECTIONS, Topics.SEQUENCES, Topics.SIGHTINGS)) {
            for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
                behind.merge(new TopicPartition(record.topic(), record.partition()), record.offset() + 1, Math::max);
                Object event = topic.codec().deserialize(record.topic(), record.headers(), record.value());
                if (event instanceof Detections detections && detections.content() instanceof Detections.Faces) {
                    numbers.computeIfAbsent(detections.reference().camera(), first -> new TreeSet<>())
                            .add(detections.reference().number());
                } else if (event instanceof Sequence sequence && sequence.phase() == Sequence.Phase.CLOSED) {
                    closings.merge(sequence.id().toString(), 1, Integer::sum);
                } else if (event instanceof Sighting sighting && !sighting.provisional()) {
                    finals.computeIfAbsent(sighting.sequenceId().toString(), first -> new TreeSet<>())
                            .add(sighting.decision() + " " + sighting.person());
                }
            }
        }
        for (String row : rows(CONSUMED)) {
            String[] parts = row.split(" ", 3);
            TopicPartition partition = new TopicPartition(parts[0], Integer.parseInt(parts[1]));
            if (Long.parseLong(parts[2]) < behind.getOrDefault(partition, 0L)) {
                faults.add("I5: " + partition + " was stored up to " + parts[2] + " of " + behind.get(partition));
            }
        }
        numbers.forEach((camera, seen) -> {
            if (seen.last() + 1 != seen.size()) {
                faults.add("I3: " + camera + " has detections for " + seen.size() + " of " + (seen.last() + 1)
                        + " frames");
            }
        });
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Topic<?> topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** Each row as its columns with blanks between them. */
    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join(" ", values));
            }
        }
        return rows;
    }
}
