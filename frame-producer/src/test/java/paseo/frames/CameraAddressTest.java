package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Camera;
import paseo.frames.CameraAddress.HostAndPort;

class CameraAddressTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "rtsp://h/x, rtsp://h/x",
        "rtsp://admin:secret@h:8554/x/y, rtsp://***@h:8554/x/y",
        "rtsp://admin:se/cret@h/x, rtsp://***@h/x",
        "RTSP://${env:U}:${env:P}@h/, rtsp://***@h/",
        "http://h/cgi?user=admin&pwd=secret#top, http://h/cgi?***",
        "https://h, https://h",
        "rtsp://h:554/user=admin_password=secret_channel=1.sdp, rtsp://h:554/user=***_password=***_channel=1.sdp",
        "rtsp://h/user=${env:U}&pwd=${file:/a}/x?y, rtsp://h/user=***&pwd=***/x?***",
        "v4l2:/dev/video0, v4l2:/dev/video0"
    })
    void isShownWithoutSecrets(String url, String shown) {
        assertThat(new CameraAddress(url).redacted()).isEqualTo(shown);
        assertThat(new CameraAddress(url)).hasToString(shown);
    }

    @Test
    void referencesAreReplacedAndEncoded() throws IOException {
        Path file = Files.writeString(directory.resolve("entrance"), "admin:p@ss:w/rd\n");
        assertThat(resolve("rtsp://${env:U}:${env:P}@h:554/x?a=1")).isEqualTo("rtsp://u%40v:p%3A%2F@h:554/x?a=1");
        assertThat(resolve("rtsp://${file:" + file + "}@h/x")).isEqualTo("rtsp://admin:p%40ss%3Aw%2Frd@h/x");
        assertThat(resolve("rtsp://h/user=${env:U}_password=${env:P}_channel=1.sdp"))
                .isEqualTo("rtsp://h/user=u%40v_password=p%3A%2F_channel=1.sdp");
        assertThat(resolve("http://h/cgi?user=${env:U}&pwd=${env:P}&rate=0"))
                .isEqualTo("http://h/cgi?user=u%40v&pwd=p%3A%2F&rate=0");
        assertThat(resolve("rtsp://h/x?pwd=${env:P}&udp")).isEqualTo("rtsp://h/x?pwd=p%3A%2F");
        assertThat(resolve("rtsp://a:b@h/x?udp")).isEqualTo("rtsp://a:b@h/x");
        assertThat(resolve("v4l2:/dev/video0")).isEqualTo("/dev/video0");
        assertThatThrownBy(() -> resolve("rtsp://${env:MISSING}@h/x"))
                .isInstanceOf(VideoException.class)
                .hasMessageContaining("MISSING");
        assertThatThrownBy(() -> resolve("rtsp://${file:" + directory.resolve("none") + "}@h/x"))
                .isInstanceOf(VideoException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> resolve("http://h/cgi?pwd=${env:MISSING}"))
                .isInstanceOf(VideoException.class)
                .hasMessageContaining("MISSING");
    }

    @Test
    void knowsItsPartsAndPorts() {
        assertThat(new CameraAddress("rtsp://a:b@h/x").endpoint()).contains(new HostAndPort("h", 554));
        assertThat(new CameraAddress("https://[::1]:99/x").endpoint()).contains(new HostAndPort("::1", 99));
        assertThat(new CameraAddress("rtsp://front_door:8554/x").endpoint())
                .contains(new HostAndPort("front_door", 8554));
        assertThat(new CameraAddress("rtsp://cam.1/x").endpoint()).contains(new HostAndPort("cam.1", 554));
        assertThat(new CameraAddress("http://tür/x").endpoint()).contains(new HostAndPort("tür", 80));
        assertThat(new CameraAddress("v4l2:/dev/video0").endpoint()).isEmpty();
        assertThat(new CameraAddress("rtsp://h/x?channel=1&udp").overUdp()).isTrue();
        assertThat(new CameraAddress("rtsp://h/udp").overUdp()).isFalse();
        assertThat(new CameraAddress("http://h/live/index.M3U8?x").playlist()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "concat:a|b",
                "entrance.mp4",
                "rtsp://",
                "rtsp:h/secret",
                "ftp://h/secret",
                "rtsp://u:secret@",
                "rtsp://u:secret@[bad/x",
                "rtsp://u:secret@ho st/x",
                "http://u:secret@h:99999/x",
                "http://u:secret@h:99999999/x",
                "rtsp://h:0/secret",
                "rtsp://h:secret/x",
                "rtsp://admin:123?secret@h/x",
                "rtsp://admin:123#secret@h/x",
                "rtsp://admin?secret@h/x",
                "rtsp://@admin:123?secret@h/x"
            })
    void othersAreNoCameras(String text) {
        assertThatThrownBy(() -> new CameraAddress(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aVeryLongAddressIsNoCamera() {
        String longest = "rtsp://" + "a".repeat(Camera.LONGEST_URL - 7);
        assertThat(new CameraAddress(longest).redacted()).isEqualTo(longest);
        assertThatThrownBy(() -> CameraAddress.check("rtsp://" + "a".repeat(500_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048 characters");
    }

    @Test
    void saysHowAPasswordIsWrittenThatHasAQuestionMarkInIt() {
        assertThatThrownBy(() -> new CameraAddress("rtsp://admin:123?45@h/x"))
                .hasMessageContaining("%3F")
                .hasMessageNotContaining("123");
        assertThat(new CameraAddress("rtsp://admin:123%3F45@h/x?a@b").redacted())
                .isEqualTo("rtsp://***@h/x?***");
        assertThat(new CameraAddress("http://h/x?user=a%40b").redacted()).isEqualTo("http://h/x?***");
    }

    @Test
    void givesAnIdWithoutSecrets() {
        assertThat(id("rtsp://admin:secret@10.0.0.5:554/stream1?pwd=secret")).isEqualTo("10-0-0-5-554-stream1");
        assertThat(id("rtsp://10.0.0.5/user=admin_password=secret_channel=1"))
                .isEqualTo("10-0-0-5-user-password-channel-1");
        assertThat(id("v4l2:/dev/video0")).isEqualTo("dev-video0");
    }

    private static String id(String url) {
        return CameraTarget.of(new CameraAddress(url)).id();
    }

    private static String resolve(String url) {
        return new CameraAddress(url).resolve(name -> switch (name) {
            case "U" -> Optional.of("u@v");
            case "P" -> Optional.of("p:/");
            default -> Optional.empty();
        });
    }
}
