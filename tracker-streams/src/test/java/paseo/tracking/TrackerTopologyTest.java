package paseo.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Box;
import paseo.events.DeadLetter;
import paseo.events.Detections;
import paseo.events.EventCodec;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.events.Topics;
import paseo.operations.Health;
import paseo.tracking.state.Sessions;

class TrackerTopologyTest {
    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> detections;
    private TestOutputTopic<String, SequenceEvent> sequences;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.putAll(TrackerStreams.configuration(TrackerSettings.of("nowhere:9092", directory), meters));
        // The driver has no transactions; what they protect is for the test with a real broker.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(
                TrackerTopology.build(TrackerParameters.standard(), meters, new Health()),
                properties,
                Instant.ofEpochSecond(100));
        detections =
                driver.createInputTopic(Topics.DETECTIONS.name(), new StringSerializer(), new ByteArraySerializer());
        sequences = driver.createOutputTopic(
                Topics.SEQUENCES.name(),
                new StringDeserializer(),
                Topics.SEQUENCES.codec().deserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void isOneChain() {
        assertThat(TrackerTopology.build(TrackerParameters.standard(), meters, new Health())
                        .describe()
                        .toString())
                .isEqualTo("""
                        Topologies:
                           Sub-topology: 0
                            Source: read-detections (topics: [detections])
                              --> track
                            Processor: track (stores: [sessions])
                              --> write-sequences
                              <-- read-detections
                            Sink: write-sequences (topic: sequences)
                              <-- track

                        """);
    }

    @Test
    void writesWhatTheTrackerSays() {
        List<Detections> records = Scenes.crowd(1, 5, 100, 25);
        send(records);
        List<TestRecord<String, SequenceEvent>> written = sequences.readRecordsToList();
        assertThat(written).extracting(TestRecord::value).isEqualTo(track(records));
        assertThat(written).extracting(TestRecord::key).containsOnly(Scenes.CAMERA);
        assertThat(written)
                .allSatisfy(record -> assertThat(new String(
                                record.headers()
                                        .lastHeader(EventCodec.SCHEMA_HEADER)
                                        .value(),
                                UTF_8))
                        .isEqualTo("paseo.v1.SequenceEvent"));
        assertThat(meters.counter("paseo.sequences.closed", "reason", "session_ended")
                        .count())
                .isPositive();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 19: a frame that is delivered again is dropped and counted")
    void dropsAndCountsDuplicates() {
        List<Detections> records = Scenes.crowd(1, 5, 100, 25);
        send(records);
        send(records);
        assertThat(sequences.readValuesToList()).isEqualTo(track(records));
        assertThat(meters.counter("paseo.detections.duplicate").count()).isEqualTo(records.size());
    }

    @Test
    @Tag("fault")
    @DisplayName(
            "row 44: a frame of ten thousand faces is set aside, one of a thousand is followed, and the stream goes on")
    void setsAFrameOfTenThousandFacesAside() {
        List<Face> thousand = new ArrayList<>();
        for (int i = 0; i < Detections.Faces.MOST; i++) {
            thousand.add(Scenes.unusable(new Box(i % 40 * 32, i / 40 * 28, 20, 24), 0.9f - i / 5_000f));
        }
        // Messages one after the other are one message with the faces of all.
        byte[] record = Topics.DETECTIONS.codec().encode(Scenes.frame(1, 40_000, thousand));
        ByteBuffer tenTimes = ByteBuffer.allocate(10 * record.length);
        for (int i = 0; i < 10; i++) {
            tenTimes.put(record);
        }
        send(List.of(Scenes.heartbeat(State.STARTED, -1, 0)));
        detections.pipeInput(Scenes.CAMERA, tenTimes.array());
        assertThat(deadLetters("unreadable")).isEqualTo(1);

        for (int number = 1; number < 10; number++) {
            send(List.of(Scenes.frame(number, 40_000L * number, thousand)));
        }
        send(List.of(Scenes.heartbeat(State.ENDED, 9, 360_000)));
        List<SequenceEvent> closed = sequences.readValuesToList().stream()
                .filter(event -> event instanceof Sequence sequence && sequence.phase() == Sequence.Phase.CLOSED)
                .toList();
        assertThat(closed)
                .as("the surest")
                .hasSize(300)
                .allSatisfy(event -> assertThat(((Sequence) event).faceCount()).isEqualTo(9));
        assertThat(deadLetters("unreadable")).isEqualTo(1);
    }

    @Test
    @Tag("fault")
    @DisplayName(
            "row 20: of frames out of order those that come too late are dropped and counted, and nothing goes back")
    void dropsAndCountsWhatComesTooLate() {
        List<Detections> shuffled = new ArrayList<>();
        for (Detections record : Scenes.crowd(1, 5, 100, 25)) {
            if (!(record.content() instanceof Heartbeat)) {
                shuffled.add(record);
            }
        }
        for (int first = 0; first < shuffled.size(); first += 25) {
            Collections.shuffle(shuffled.subList(first, first + 25), new Random(first));
        }
        long last = -1;
        List<Detections> inTime = new ArrayList<>();
        for (Detections record : shuffled) {
            if (record.reference().number() > last) {
                last = record.reference().number();
                inTime.add(record);
            }
        }
        send(shuffled);
        assertThat(inTime).hasSizeLessThan(shuffled.size());
        assertThat(sequences.readValuesToList()).isEqualTo(track(inTime));
        assertThat(meters.counter("paseo.detections.duplicate").count()).isEqualTo(shuffled.size() - inTime.size());
    }

    @Test
    void keepsCamerasApart() {
        List<Detections> records = Scenes.crowd(1, 5, 100, 25);
        for (Detections record : records) {
            send(List.of(record, Scenes.ofCamera("other", record)));
        }
        List<SequenceEvent> written = sequences.readValuesToList();
        assertThat(written.stream().filter(event -> event.camera().equals(Scenes.CAMERA)))
                .isEqualTo(track(records));
        assertThat(written).hasSize(2 * track(records).size());
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: bytes that are no detections are set aside as they are, and the stream goes on")
    void setsPoisonAside() {
        List<Detections> records = Scenes.crowd(1, 3, 50, 25);
        for (Detections record : records) {
            detections.pipeInput(Scenes.CAMERA, new byte[] {1, 2, 3});
            send(List.of(record));
        }
        assertThat(sequences.readValuesToList()).isEqualTo(track(records));
        assertThat(deadLetters("unreadable")).isEqualTo(records.size());
        var letters = driver.createOutputTopic(
                        Topics.deadLettersOf(Topics.DETECTIONS).name(),
                        Serdes.String().deserializer(),
                        Topics.deadLettersOf(Topics.DETECTIONS).codec().deserializer())
                .readValuesToList();
        assertThat(letters).hasSize(records.size()).allSatisfy(letter -> {
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNREADABLE);
            assertThat(letter.topic()).isEqualTo(Topics.DETECTIONS.name());
            assertThat(letter.value()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        });
    }

    @Test
    @Tag("fault")
    @DisplayName("row 22: a frame of the year 2100 or of before 1970 is set aside, and what follows is not late")
    void setsImpossibleTimesAside() {
        List<Detections> records = Scenes.crowd(1, 3, 50, 25);
        for (Detections record : records) {
            send(List.of(at(record, 4_102_444_800_000_000L), at(record, -1), record));
        }
        assertThat(sequences.readValuesToList()).isEqualTo(track(records));
        assertThat(deadLetters("impossible_time")).isEqualTo(2.0 * records.size());
    }

    private double deadLetters(String reason) {
        return meters.counter("paseo.dead.letters", "topic", Topics.DETECTIONS.name(), "reason", reason)
                .count();
    }

    private static Detections at(Detections record, long captureTimeMicros) {
        FrameReference frame = record.reference();
        return new Detections(
                new FrameReference(
                        frame.camera(), frame.epoch(), frame.number(), captureTimeMicros, frame.ingestTimeMicros()),
                record.content());
    }

    @Test
    void goesOnFromTheStoreAfterARestart() {
        List<Detections> records = Scenes.crowd(2, 5, 100, 25);
        List<SequenceEvent> written = new ArrayList<>();
        for (int from = 0; from < records.size(); from += 20) {
            send(records.subList(from, Math.min(records.size(), from + 20)));
            written.addAll(sequences.readValuesToList());
            restart(saved());
        }
        assertThat(written).isEqualTo(track(records));
    }

    private List<KeyValue<String, byte[]>> saved() {
        List<KeyValue<String, byte[]>> saved = new ArrayList<>();
        try (var entries =
                driver.<String, byte[]>getKeyValueStore(TrackerTopology.STORE).all()) {
            entries.forEachRemaining(saved::add);
        }
        return saved;
    }

    private void restart(List<KeyValue<String, byte[]>> saved) {
        driver.close();
        start();
        var fresh = driver.<String, byte[]>getKeyValueStore(TrackerTopology.STORE);
        saved.forEach(entry -> fresh.put(entry.key, entry.value));
    }

    @Test
    void stopsWhereItsStateCannotBeReadAndSetsNoRecordAside() throws InvalidProtocolBufferException {
        List<Detections> records = Scenes.crowd(2, 5, 100, 25);
        send(records.subList(0, 50));
        List<KeyValue<String, byte[]>> saved = saved();
        byte[] session =
                driver.<String, byte[]>getKeyValueStore(TrackerTopology.STORE).get(Scenes.CAMERA);
        byte[] later =
                Sessions.parseFrom(session).toBuilder().setVersion(99).build().toByteArray();
        List<KeyValue<String, byte[]>> facesBroken = saved.stream()
                .map(entry -> entry.key.equals(Scenes.CAMERA) ? entry : KeyValue.pair(entry.key, new byte[] {1, 2, 3}))
                .toList();
        for (var broken : List.of(
                List.of(KeyValue.pair(Scenes.CAMERA, new byte[] {1, 2, 3})),
                List.of(KeyValue.pair(Scenes.CAMERA, later)),
                List.of(KeyValue.pair(Scenes.CAMERA, session)),
                facesBroken)) {
            restart(broken);
            assertThatThrownBy(() -> send(records.subList(50, 51)))
                    .isInstanceOf(StreamsException.class)
                    .hasStackTraceContaining(UnreadableStateException.class.getName());
        }
        assertThat(deadLetters("unusable")).isZero();
    }

    @Test
    void keepsNothingOfAnEndedSessionButThatItEnded() {
        send(Scenes.crowd(2, 5, 100, 25));
        try (var entries =
                driver.<String, byte[]>getKeyValueStore(TrackerTopology.STORE).all()) {
            assertThat(entries).toIterable().singleElement().satisfies(entry -> {
                assertThat(entry.key).isEqualTo(Scenes.CAMERA);
                assertThat(entry.value).hasSizeLessThan(40);
            });
        }
    }

    @Test
    void closesTheSequencesOfASilentCameraByTheClockOnTheWall() {
        send(List.of(Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        walk(10);
        sequences.readValuesToList();
        pass(Duration.ofSeconds(25));
        assertThat(sequences.isEmpty()).isTrue();
        pass(Duration.ofSeconds(10));
        assertThat(sequences.readValue())
                .isInstanceOfSatisfying(
                        Sequence.class,
                        closed -> assertThat(closed.closeReason()).isEqualTo(Sequence.CloseReason.CAMERA_LOST));
        assertThat(sequences.isEmpty()).isTrue();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: a clock that is set forward closes no sequence, and silence after it does")
    void aClockThatIsSetForwardClosesNothing() {
        send(List.of(Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        walk(10);
        sequences.readValuesToList();
        driver.advanceWallClockTime(Duration.ofHours(2));
        assertThat(sequences.isEmpty()).isTrue();
        send(List.of(Scenes.liveHeartbeat(State.LIVE, 9, 400_000)));
        pass(Duration.ofSeconds(25));
        assertThat(sequences.isEmpty()).isTrue();
        pass(Duration.ofSeconds(10));
        assertThat(sequences.readValuesToList())
                .singleElement()
                .isInstanceOfSatisfying(
                        Sequence.class,
                        closed -> assertThat(closed.closeReason()).isEqualTo(Sequence.CloseReason.CAMERA_LOST));
    }

    @Test
    void aCameraOfWhichNothingCanBeUsedIsSilent() {
        send(List.of(Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        walk(10);
        sequences.readValuesToList();
        for (int second = 0; second < 35; second++) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            send(List.of(Scenes.frame(10, -1)));
        }
        assertThat(sequences.readValuesToList())
                .singleElement()
                .isInstanceOfSatisfying(
                        Sequence.class,
                        closed -> assertThat(closed.closeReason()).isEqualTo(Sequence.CloseReason.CAMERA_LOST));
    }

    @Test
    void neverClosesAFileByTheClockOnTheWall() {
        send(List.of(Scenes.heartbeat(State.STARTED, -1, 0)));
        walk(10);
        sequences.readValuesToList();
        pass(Duration.ofMinutes(10));
        assertThat(sequences.isEmpty()).isTrue();
    }

    /** Look by look: a single long step would be a clock that was set. */
    private void pass(Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 5) {
            driver.advanceWallClockTime(Duration.ofSeconds(5));
        }
    }

    private void walk(int frames) {
        for (int i = 0; i < frames; i++) {
            send(List.of(Scenes.frame(i, i * 40_000L, Scenes.usable(new Box(100, 100, 40, 48), Scenes.person(1)))));
        }
    }

    private void send(List<Detections> records) {
        for (Detections record : records) {
            detections.pipeInput(
                    record.reference().camera(), Topics.DETECTIONS.codec().encode(record));
        }
    }

    private static List<SequenceEvent> track(List<Detections> records) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, TrackerParameters.standard());
        return records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }
}
