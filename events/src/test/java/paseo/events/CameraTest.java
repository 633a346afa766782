package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                "v4l2:/dev/video0"
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
