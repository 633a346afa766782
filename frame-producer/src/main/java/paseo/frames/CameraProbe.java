package paseo.frames;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import paseo.frames.CameraAddress.HostAndPort;

/**
 * Asks whether a camera that was away is back, which costs it next to nothing and needs no password, so that the
 * growing intervals between real attempts don't keep a camera waiting that has returned.
 */
final class CameraProbe {
    private static final int LIMIT_MILLIS = 700;

    private final CameraAddress address;
    private final boolean rtsp;

    CameraProbe(CameraAddress address) {
        this.address = address;
        rtsp = "rtsp".equals(address.scheme());
    }

    /** Whether the camera takes connections and, in plain RTSP, answers the simplest question; or is plugged in. */
    boolean answers() {
        if (address.device()) {
            return CaptureDevices.opens(address.devicePath());
        }
        Optional<HostAndPort> endpoint = endpoint();
        if (endpoint.isEmpty()) {
            return false;
        }
        HostAndPort peer = endpoint.get();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), LIMIT_MILLIS);
            if (!rtsp) {
                return true;
            }
            socket.setSoTimeout(LIMIT_MILLIS);
            String host = peer.host().indexOf(':') >= 0 ? "[" + peer.host() + "]" : peer.host();
            String question = "OPTIONS rtsp://" + host + ":" + peer.port() + "/ RTSP/1.0\r\nCSeq: 1\r\n\r\n";
            socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'R';
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<HostAndPort> endpoint() {
        try {
            return address.pinned().endpoint();
        } catch (VideoException e) {
            // It leads where it may not; the real attempt says so.
            return Optional.empty();
        }
    }
}
