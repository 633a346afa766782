package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Detections;
import paseo.events.Topic;
import paseo.events.Topics;

/** What is left of who is erased goes from the topics once it is consumed, and from the database's files. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class PurgeIT {
    private static final int PARTITION = 1;

    private final Servers servers;

    PurgeIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void recordsGoWhenEverybodyHasReadThemAndNotBeforeAndARestartGoesOn() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            store("gate", PARTITION);
            for (int i = 0; i < 4; i++) {
                servers.send(Topics.FRAMES, PARTITION, new byte[] {1});
            }
            servers.send(Topics.deadLettersOf(Topics.FRAMES), PARTITION, new byte[] {1});
            leaveAMark(Topics.SEQUENCES);
            commit(Topics.INFERENCE_GROUP, Topics.FRAMES, 2);
            assertThat(start(Topics.SEQUENCES)).isZero();

            assertThat(database.erasure("test").person(1)).isPresent();

            Servers.await(() -> empty(Topics.SEQUENCES) && empty(Topics.deadLettersOf(Topics.FRAMES)));
            assertThat(start(Topics.FRAMES)).as("what the workers have taken").isEqualTo(2);
            assertThat(start(Topics.DETECTIONS)).as("no tracker has read them").isZero();
            assertThat(matcher.running()).isTrue();
        }
        assertThat(servers.count("topic_wish")).isZero();
        assertThat(servers.count("topic_purge WHERE topic IN ('frames', 'detections')"))
                .isEqualTo(2);
        commit(Topics.TRACKER_GROUP, Topics.DETECTIONS, end(Topics.DETECTIONS));
        commit(Topics.INFERENCE_GROUP, Topics.FRAMES, end(Topics.FRAMES));
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Servers.await(() -> empty(Topics.DETECTIONS) && empty(Topics.FRAMES));
            Servers.await(() -> servers.count("topic_purge") == 0);
            // What comes later is there to be read.
            store("hall", PARTITION);
            assertThat(end(Topics.DETECTIONS)).isGreaterThan(start(Topics.DETECTIONS));
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void whatIsReadOnceMoreIsNotStoredOnceMore() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            Recording gate = store("gate", PARTITION);
            assertThat(database.erasure("test").person(1)).isPresent();
            Servers.await(() -> empty(Topics.SEQUENCES));
            assertThat(servers.count("face")).isEqualTo(5);
            // From now on nobody knows any more which faces were theirs.
            sweep();
            assertThat(servers.count("unwanted_face")).isZero();

            servers.send(gate, PARTITION);
            servers.awaitIdle();
            Servers.await(() -> empty(Topics.SEQUENCES));
            assertThat(servers.count("face")).isEqualTo(5);
            assertThat(servers.count("camera_session WHERE frames = 10 AND faces = 10"))
                    .as("counted once")
                    .isEqualTo(1);
            assertThat(matcher.running()).isTrue();
        }
    }

    /** The topics are read independently: who was erased in the morning may have faces that are stored at noon. */
    @Test
    void whatComesAfterItWasErasedIsDeleted() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            Recording gate = new Recording("gate");
            gate.walk(1, 5);
            gate.end();
            List<Detections> late = List.copyOf(gate.detections.subList(1, gate.detections.size()));
            gate.detections.removeAll(late);
            servers.send(gate, PARTITION);
            servers.awaitIdle();
            assertThat(database.erasure("test").person(1)).isPresent();

            gate.detections.clear();
            gate.detections.addAll(late);
            gate.sequences.clear();
            servers.send(gate, PARTITION);
            servers.awaitIdle();
            assertThat(servers.count("face")).isEqualTo(5);
            assertThat(matcher.running()).isTrue();
        }
        assertThat(sweep()).isEqualTo(5);
        assertThat(servers.count("face") + servers.count("unwanted_face")).isZero();
        assertThat(servers.count("key_wish k JOIN face_block b ON b.key = k.id"))
                .as("what they were sealed with")
                .isEqualTo(1);
        assertThat(servers.count("topic_wish WHERE due > now() + interval '23 hours'"))
                .as("the faces are on the topic")
                .isEqualTo(1);
    }

    private int sweep() throws SQLException {
        try (Connection connection = servers.connect()) {
            return new OptOuts(connection).sweep();
        }
    }

    @Test
    void whoIsDroppedLeavesTheTopicsTheirHistoryForADay() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            store("gate", PARTITION);
            assertThat(database.erasure("test").optOut(1)).isPresent();
            Servers.await(
                    () -> empty(Topics.SEQUENCES) && servers.count("topic_wish") + servers.count("table_purge") == 0);
            store("hall", PARTITION);
            store("yard", PARTITION);
            assertThat(servers.count("topic_wish")).isEqualTo(1);
            assertThat(servers.count("topic_wish WHERE due > now() + interval '23 hours'"))
                    .isEqualTo(1);
            assertThat(servers.count("table_purge WHERE relation = 'face' AND due > now() + interval '23 hours'"))
                    .isEqualTo(2);
            assertThat(empty(Topics.SEQUENCES)).isFalse();
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void tablesAreWrittenAnewOnceNobodySeesWhatWasDeleted() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            store("gate", PARTITION);
            assertThat(matcher.running()).isTrue();
        }
        try (Database database = Database.open(servers.database());
                Connection watching = servers.connect()) {
            watching.setAutoCommit(false);
            watching.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Sql.one(watching, "SELECT count(*) FROM person", row -> row.getLong(1));
            assertThat(new Erasure(database, "test").person(1)).isPresent();
            TablePurge purge = new TablePurge(database);
            assertThat(purge.round(true)).isEqualTo(new TablePurge.Done(List.of(), true, false));
            watching.rollback();

            long before = file("face");
            TablePurge.Done done = purge.round(true);
            assertThat(done.written()).containsExactly("face", "person_centre", "template_1_0");
            assertThat(done.waiting()).isFalse();
            assertThat(done.logLeftBehind()).isTrue();
            assertThat(file("face")).isNotEqualTo(before);
            assertThat(servers.count("table_purge")).isZero();
            assertThat(purge.round(true).written()).isEmpty();
        }
    }

    @Test
    void aSessionThatIsNotOverNeedsItsTopics() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry());
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            store("gate", PARTITION);
            assertThat(database.purge().quiet()).isTrue();
            Recording hall = new Recording("hall");
            hall.pause(3);
            servers.send(hall, PARTITION);
            servers.awaitIdle();
            assertThat(database.purge().quiet()).isFalse();
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void statisticsHoldNoValuesOfFaces() throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            store("gate", PARTITION);
            assertThat(matcher.running()).isTrue();
        }
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "ANALYZE");
        }
        assertThat(servers.count("pg_statistic WHERE starelid = 'face'::regclass"))
                .isPositive();
        assertThat(
                        servers.count(
                                "pg_statistic s JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum"
                                        + " WHERE a.atttypid = 'halfvec'::regtype OR a.attname IN ('vectors', 'pictures', 'landmarks')"))
                .isZero();
    }

    /** Persons 1 and 2, five faces each. */
    private Recording store(String camera, int partition) throws Exception {
        Recording recording = new Recording(camera);
        UUID one = recording.walk(1, 5);
        UUID two = recording.walk(2, 5);
        assertThat(one).isNotEqualTo(two);
        servers.send(recording.end(), partition);
        servers.awaitIdle();
        return recording;
    }

    /** A transaction's, behind the last record, and a record that nobody is given. */
    private void leaveAMark(Topic<?> topic) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers(), "transactional.id", "mark"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            topic.name(), PARTITION, null, "not for anybody".getBytes(StandardCharsets.UTF_8)))
                    .get();
            producer.abortTransaction();
        }
    }

    private void commit(String group, Topic<?> topic, long offset) throws ExecutionException, InterruptedException {
        servers.admin()
                .alterConsumerGroupOffsets(group, Map.of(at(topic), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private boolean empty(Topic<?> topic) {
        long start = start(topic);
        return start > 0 && start == end(topic);
    }

    private long start(Topic<?> topic) {
        return offset(topic, OffsetSpec.earliest());
    }

    private long end(Topic<?> topic) {
        return offset(topic, OffsetSpec.latest());
    }

    private long offset(Topic<?> topic, OffsetSpec which) {
        try {
            return servers.admin()
                    .listOffsets(Map.of(at(topic), which))
                    .partitionResult(at(topic))
                    .get()
                    .offset();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static TopicPartition at(Topic<?> topic) {
        return new TopicPartition(topic.name(), PARTITION);
    }

    private long file(String table) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, "SELECT pg_relation_filenode(?::regclass)", row -> row.getLong(1), table);
        }
    }
}
