package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
    static Stream<Arguments> examples() {
        return Stream.of(
                Arguments.of("camera", Topics.CAMERAS, Examples.CAMERA),
                Arguments.of("camera-least-face", Topics.CAMERAS, Examples.LARGE_FACES),
                Arguments.of("frame-live-image", Topics.FRAMES, Examples.LIVE_IMAGE),
                Arguments.of("camera-retention", Topics.CAMERAS, Examples.FORGETFUL),
                Arguments.of("camera-reach", Topics.CAMERAS, Examples.CONFINED),
                Arguments.of("frame-heartbeat-retention", Topics.FRAMES, Examples.FORGETFUL_SIGN_OF_LIFE),
                Arguments.of("frame-least-face", Topics.FRAMES, Examples.LARGE_FACES_IMAGE),
                Arguments.of("frame-camera-frozen", Topics.FRAMES, Examples.CAMERA_FROZEN),
                Arguments.of("frame-image", Topics.FRAMES, Examples.IMAGE),
                Arguments.of("frame-still-image", Topics.FRAMES, Examples.STILL_IMAGE),
                Arguments.of("frame-access-unit", Topics.FRAMES, Examples.ACCESS_UNIT),
                Arguments.of("frame-access-unit-support", Topics.FRAMES, Examples.SUPPORT),
                Arguments.of("detections-no-key-picture", Topics.DETECTIONS, Examples.WITHOUT_KEY),
                Arguments.of("frame-heartbeat", Topics.FRAMES, Examples.SIGN_OF_LIFE),
                Arguments.of("detections-faces", Topics.DETECTIONS, Examples.FACES),
                Arguments.of("detections-dropped", Topics.DETECTIONS, Examples.DROPPED),
                Arguments.of("detections-heartbeat", Topics.DETECTIONS, Examples.HANDED_ON),
                Arguments.of("sequence-closed", Topics.SEQUENCES, Examples.CLOSED),
                Arguments.of("sequence-updated", Topics.SEQUENCES, Examples.UPDATED),
                Arguments.of("session-ended", Topics.SEQUENCES, Examples.ENDED),
                Arguments.of("sighting", Topics.SIGHTINGS, Examples.SIGHTING),
                Arguments.of("sighting-provisional", Topics.SIGHTINGS, Examples.PROVISIONAL),
                Arguments.of("person-merged", Topics.PERSONS, Examples.MERGED),
                Arguments.of("person-silhouette", Topics.PERSONS, Examples.SILHOUETTE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <T> void decodesWhatItEncoded(String name, Topic<T> topic, T event) {
        assertThat(topic.codec().decode(topic.codec().encode(event))).isEqualTo(event);
    }

    /** Bytes written by the first release; {@code -Dpaseo.golden.write=DIR} writes files for new examples. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <T> void decodesBytesOfEarlierReleases(String name, Topic<T> topic, T event) throws IOException {
        String directory = System.getProperty("paseo.golden.write");
        if (directory != null) {
            Files.write(Path.of(directory, name + ".v1"), topic.codec().encode(event));
        }
        try (InputStream golden = EventCodecTest.class.getResourceAsStream("/golden/" + name + ".v1")) {
            assertThat(golden).as("golden file " + name + ".v1").isNotNull();
            assertThat(topic.codec().decode(golden.readAllBytes())).isEqualTo(event);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <T> void refusesDamagedBytesWithoutAnyOtherException(String name, Topic<T> topic, T event) {
        byte[] good = topic.codec().encode(event);
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                topic.codec().decode(bad);
            } catch (EventFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: fields of a later minor version are ignored")
    void ignoresFieldsOfALaterMinorVersion() {
        byte[] known = Topics.FRAMES.codec().encode(Examples.IMAGE);
        byte[] later = Arrays.copyOf(known, known.length + 3);
        // Field 100, varint 1.
        later[known.length] = (byte) 0xA0;
        later[known.length + 1] = 0x06;
        later[known.length + 2] = 0x01;
        assertThat(Topics.FRAMES.codec().decode(later)).isEqualTo(Examples.IMAGE);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: a message of a later major version is refused by its name")
    void refusesAMessageOfAnotherName() {
        Headers headers = new RecordHeaders();
        byte[] bytes = Topics.FRAMES.codec().serialize("frames", headers, Examples.IMAGE);
        assertThat(Topics.FRAMES.codec().deserialize("frames", headers, bytes)).isEqualTo(Examples.IMAGE);

        headers.remove(EventCodec.SCHEMA_HEADER)
                .add(EventCodec.SCHEMA_HEADER, "paseo.v2.Frame".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Topics.FRAMES.codec().deserialize("frames", headers, bytes))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("paseo.v2.Frame");
    }

    @Test
    void sightingsAreJsonWithCloudEventsHeaders() {
        Headers headers = new RecordHeaders();
        byte[] bytes = Topics.SIGHTINGS.codec().serialize("sightings", headers, Examples.SIGHTING);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .startsWith("{")
                .contains("\"person\":2345", "\"decision\":\"RECOGNISED\"", "\"similarity\":0.625")
                .doesNotContain("runnerUp");
        assertThat(headers)
                .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .contains(
                        "ce_specversion=1.0",
                        "ce_id=" + Examples.SEQUENCE_ID,
                        "ce_type=paseo.sighting.v1",
                        "ce_source=/cameras/entrance-1a2b3c4d",
                        "content-type=application/json");
    }

    @Test
    void aProvisionalSightingIsAnEventOfItsOwn() {
        Headers headers = new RecordHeaders();
        byte[] bytes = Topics.SIGHTINGS.codec().serialize("sightings", headers, Examples.PROVISIONAL);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("\"provisional\":true", "\"identifiedSeconds\":3.0", "\"revision\":1");
        assertThat(new String(headers.lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .isEqualTo(Examples.SEQUENCE_ID + "/1");
    }

    @Test
    void whatBecomesOfPersonsIsJsonWithCloudEventsHeaders() {
        Headers headers = new RecordHeaders();
        byte[] bytes = Topics.PERSONS.codec().serialize("persons", headers, Examples.MERGED);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .startsWith("{")
                .contains("\"person\":12", "\"other\":34", "\"kind\":\"MERGED\"", Examples.SEQUENCE_ID.toString())
                .doesNotContain("silhouette");
        assertThat(headers)
                .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .contains("ce_id=ledger/17", "ce_type=paseo.person.merged.v1", "ce_source=/persons");
    }

    @Test
    void jsonForPeopleLeavesPicturesAndEmbeddingsOut() {
        assertThat(Topics.DETECTIONS.codec().toJson(Examples.FACES))
                .contains("\"camera\":\"entrance-1a2b3c4d\"", "TOO_SMALL")
                .contains("\"embedding\":\"\"", "\"cropJpeg\":\"\"");
        assertThat(Examples.FACES.toString()).doesNotContain("0.23");
    }

    @Test
    void jsonForPeopleHasACamerasAddressWithoutWhatStandsBehindAQuestionMark() {
        Camera camera = new Camera("gate", "http://10.0.0.6/1?token=secret", 0, 0, Optional.empty(), 0, false);
        assertThat(Topics.CAMERAS.codec().toJson(camera))
                .contains("\"url\":\"http://10.0.0.6/1?***\"")
                .doesNotContain("secret");
    }
}
