package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CameraTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://10.0.0.5/stream",
                "rtsps://host:322/stream?channel=1",
                "rtsp://${env:USER}:${env:PASSWORD}@host/stream",
                "rtsp://${file:/run/secrets/entrance}@host/stream",
                "http://host/video.mjpg",
                "https://host/live/index.m3u8",
                "v4l2:/dev/video0",
                "rtsp://host:554/user=${env:USER}_password=${file:/run/secrets/entrance}_channel=1_stream=0.sdp",
                "rtsp://host/user=&password=&channel=1",
                "rtsp://host/users/1",
                "http://host/videostream.cgi?user=${env:USER}&pwd=${file:/run/secrets/entrance}&rate=0",
                "http://host/videostream.cgi?loginuse=&loginpas=&x=1",
                "http://host/video?bypass=1&multiuser=0&channel=1&subtype=0"
            })
    void takesAddressesWithoutSecrets(String url) {
        assertThat(camera("entrance", url).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://admin:secret@host/stream",
                "rtsp://admin@host/stream",
                "rtsp://${env:USER}:secret@host/stream",
                "rtsp://admin:${env:PASSWORD}@host/stream",
                "rtsp://admin:se/cret@host/stream",
                "http://admin:secret@host",
                "rtsp://host:554/user=${env:USER}_password=secret_channel=1_stream=0.sdp",
                "rtsp://host/user=${env:USER}&Password=${env:PASSWORD}secret",
                "rtsp://host/pwd=secret/1",
                "rtsp://host/username=secret",
                "rtsp://${env:USER}@host/passwd=secret",
                "http://host/videostream.cgi?user=admin&pwd=secret",
                "http://host/videostream.cgi?user=${env:USER}&pwd=/secret",
                "http://host/videostream.cgi?pwd=#secret",
                "http://host/x?a#password=secret",
                "http://host/x?usr=${env:USER}&Password=${env:PASSWORD}secret",
                "http://${env:USER}@host/x?channel=1&loginuse=${env:USER}&loginpas=secret",
                "file:///etc/passwd",
                "concat:a|b",
                "rtsp://",
                "rtsp://host/a b"
            })
    void refusesOthersAndDoesNotRepeatThem(String url) {
        assertThatThrownBy(() -> camera("entrance", url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void anAddressIsNoLongerThanItsPatternsCanTake() {
        String longest = "rtsp://" + "a".repeat(Camera.LONGEST_URL - 7);
        assertThat(camera("entrance", longest).redactedUrl()).isEqualTo(longest);
        for (String tooLong : List.of(longest + "a", "rtsp://" + "a".repeat(500_000))) {
            byte[] bytes = paseo.events.v1.Camera.newBuilder()
                    .setId("entrance")
                    .setUrl(tooLong)
                    .build()
                    .toByteArray();
            assertThatThrownBy(() -> Topics.CAMERAS.codec().decode(bytes))
                    .isInstanceOf(EventFormatException.class)
                    .hasMessageContaining("2048 characters");
        }
    }

    @Test
    void pathsAreShownWithoutSecrets() {
        assertThat(Camera.redactedPath("/user=admin_password=se_cret_channel=1_stream=0.sdp"))
                .isEqualTo("/user=***_password=***_channel=1_stream=0.sdp");
        assertThat(Camera.redactedPath("/a/PWD=secret&x=1/passwd=secret")).isEqualTo("/a/PWD=***&x=1/passwd=***");
        assertThat(camera("entrance", "rtsp://host/user=${env:A_B}_password=${file:/a/b}_channel=1?x")
                        .redactedUrl())
                .isEqualTo("rtsp://host/user=***_password=***_channel=1?***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Entrance", "a b", "-a", "a/b", "\u00e4"})
    void anIdIsPlain(String id) {
        assertThatThrownBy(() -> camera(id, "rtsp://host/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRegionLiesInThePicture() {
        assertThat(Region.parse("0.25, 0,0.5,1")).isEqualTo(new Region(0.25, 0, 0.5, 1));
        for (String bad : new String[] {"0.6,0,0.5,1", "0,0,0,1", "-0.1,0,1,1", "0,0,1", "a,b,c,d", "NaN,0,1,1", ""}) {
            assertThatThrownBy(() -> Region.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Camera camera(String id, String url) {
        return new Camera(id, url, 0, 0, Optional.empty(), 0, false);
    }
}
