package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a camera's connection may go. No name is looked up but that of this machine. */
@Tag("fault")
class ReachTest {
    private static Camera camera(String url) {
        return new Camera("a", url, 0, 0, Optional.empty(), 0, false, Optional.of(Reach.outside()));
    }

    @ParameterizedTest(name = "row 48: {0}")
    @DisplayName("row 48: addresses inside are refused unless permitted")
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.0.9",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:0:1::1",
                "2001:db8::1"
            })
    void insideIsRefused(String number) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(number);
        assertThat(Reach.outside().allows(address)).isFalse();
        Network only = new Network(address, 8 * address.getAddress().length);
        assertThat(new Reach(java.util.List.of(only)).allows(address)).isTrue();
        assertThatThrownBy(() -> Reach.outside().pin(number))
                .isInstanceOf(Reach.ForbiddenException.class)
                .hasMessageNotContaining(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "203.0.114.1", "2606:4700::1111"})
    void publicAddressesAreAllowed(String number) throws UnknownHostException {
        assertThat(Reach.outside().pin(number)).isEqualTo(InetAddress.getByName(number));
    }

    @Test
    @DisplayName("row 48: an address of version 4 inside one of version 6 is that address")
    void mapped() throws UnknownHostException {
        assertThat(Reach.outside().allows(InetAddress.getByName("::ffff:127.0.0.1")))
                .isFalse();
        assertThatThrownBy(() -> camera("rtsp://[::ffff:127.0.0.1]/")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> camera("rtsp://[::ffff:1.1.1.1]/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("row 48: a name that leads inside is refused")
    void nameInside() {
        assertThatThrownBy(() -> Reach.outside().pin("localhost")).isInstanceOf(Reach.ForbiddenException.class);
    }

    @Test
    @DisplayName("row 48: a name that leads outside and inside is refused")
    void nameOfBoth() throws UnknownHostException {
        InetAddress outside = InetAddress.getByName("1.1.1.1");
        assertThat(Reach.outside().pin(outside)).isEqualTo(outside);
        assertThatThrownBy(() -> Reach.outside().pin(outside, InetAddress.getByName("10.0.0.1")))
                .isInstanceOf(Reach.ForbiddenException.class);
    }

    @ParameterizedTest(name = "row 48: {0}")
    @DisplayName("row 48: addresses that programs read differently are refused")
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "v4l2:/dev/video0",
                "concat:http://a/|http://b/",
                "gopher://host/",
                "rtsp://2130706433/",
                "rtsp://0x7f000001/",
                "rtsp://0x7f.1/",
                "rtsp://0177.0.0.1/",
                "rtsp://127.1/",
                "rtsp://1.1.1.1.1/",
                "rtsp://1.1.1.256/",
                "rtsp://host.0x7f/",
                "rtsp://[fe80::1%25eth0]/",
                "rtsp://[::1",
                "rtsp://host\\@127.0.0.1/",
                "rtsp://host#@127.0.0.1/",
                "rtsp://good.example@127.0.0.1/",
                "rtsp://h%6fst/",
                "rtsp://h\u00f6st/",
                "rtsp://host./",
                "http://host/a\r\nX-Injected: yes",
                "http://host/<>",
                "rtsp://host/stream?udp",
                "rtsp://host/stream?a&udp&b",
                "http://host/live.M3U8?x",
                "rtsp://${env:PGPASSWORD}@host/",
                "rtsp://${file:/etc/passwd}@host/",
                "rtsp://${env:PASEO_CAMERA_A}:${env:HOME}@host/",
                "rtsp://host/user=${env:PASEO_CAMERA_A}_password=${env:HOME}",
                "rtsp://host/password=${file:/etc/passwd}",
                "rtsp://host/${env:HOME}",
                "rtsp://host/?password=${env:HOME}",
                "rtsp://host/?password=${file:/etc/passwd}",
                "rtsp://host/?a=${env:PASEO_CAMERA_A}{"
            })
    void ambiguousAddressesAreRefused(String url) {
        assertThatThrownBy(() -> camera(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("passwd")
                .hasMessageNotContaining("127.0.0.1");
    }

    @Test
    void plainAddressesAreTaken() {
        assertThat(camera("RTSP://Cam-1.example:8554/a/b?channel=1&sub=2").host())
                .isEqualTo("Cam-1.example");
        assertThat(camera("https://[2606:4700::1111]:99/video").host()).isEqualTo("2606:4700:0:0:0:0:0:1111");
        assertThat(camera("rtsp://${env:PASEO_CAMERA_A}@10.0.0.5?x").host()).isEqualTo("10.0.0.5");
        assertThat(camera("rtsp://host/user=${env:PASEO_CAMERA_A}_password=${env:PASEO_CAMERA_B}_channel=1")
                        .host())
                .isEqualTo("host");
        assertThat(camera("http://host/cgi?user=${env:PASEO_CAMERA_A}&pwd=${env:PASEO_CAMERA_B}&$x=1")
                        .host())
                .isEqualTo("host");
        assertThat(camera("rtsp://${env:PASEO_CAMERA_A}@10.0.0.5/a?token=secret")
                        .redactedUrl())
                .isEqualTo("rtsp://***@10.0.0.5/a?***");
        assertThat(new Camera("a", "rtsp://${file:/run/secrets/a}@h/x", 0, 0, Optional.empty(), 0, false).redactedUrl())
                .isEqualTo("rtsp://***@h/x");
    }

    @Test
    void networksAreReadInOneWay() {
        assertThat(Reach.parse("10.0.0.0/8, fd00::/8,192.168.1.5").networks())
                .extracting(Network::toString)
                .containsExactly("10.0.0.0/8", "fd00:0:0:0:0:0:0:0/8", "192.168.1.5/32");
        for (String wrong :
                new String[] {"10.0.0.1/8", "10/8", "10.0.0.0/33", "10.0.0.0/x", "::ffff:1.2.3.4/128", "", "a"}) {
            assertThatThrownBy(() -> Reach.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
