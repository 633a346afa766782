package paseo.evaluation.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class ValveTest {
    @Test
    void letsThroughStandsStillAndCuts() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Valve valve = new Valve(server.getLocalPort());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), valve.port());
                Socket peer = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(peer.getInputStream().read()).isEqualTo(7);
            peer.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);

            valve.shut();
            client.getOutputStream().write(9);
            peer.setSoTimeout(200);
            assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            valve.open();
            peer.setSoTimeout(10_000);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            try (Socket next = new Socket(InetAddress.getLoopbackAddress(), valve.port());
                    Socket other = server.accept()) {
                next.getOutputStream().write(10);
                assertThat(other.getInputStream().read()).isEqualTo(10);
            }
        }
    }
}
