package paseo.testing.rtsp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Optional;

/** H.264 in RTP packets (RFC 6184, packetization mode 1), between the lines of RTSP or as datagrams. */
final class RtpSender implements AutoCloseable {
    private static final int LARGEST = 1400;
    private static final int HEADER = 12;
    private static final int PAYLOAD_TYPE = 96;
    private static final int FRAGMENT = 28;

    private final Optional<OutputStream> stream;
    private final Optional<DatagramSocket> socket;
    private final int clientPort;
    private int sequence;
    private long timestamp;

    private RtpSender(Optional<OutputStream> stream, Optional<DatagramSocket> socket, int clientPort) {
        this.stream = stream;
        this.socket = socket;
        this.clientPort = clientPort;
    }

    static RtpSender interleaved(OutputStream out) {
        return new RtpSender(Optional.of(out), Optional.empty(), 0);
    }

    static RtpSender overUdp(int clientPort) throws IOException {
        return new RtpSender(
                Optional.empty(), Optional.of(new DatagramSocket(0, InetAddress.getLoopbackAddress())), clientPort);
    }

    int port() {
        return socket.map(DatagramSocket::getLocalPort).orElse(0);
    }

    /** Moves the clock on, in ticks of 1/90,000 s. */
    void tick(long ticks) {
        timestamp += ticks;
    }

    void send(byte[] unit, boolean lastOfPicture) throws IOException {
        if (unit.length <= LARGEST) {
            packet(new byte[0], unit, 0, unit.length, lastOfPicture);
            return;
        }
        int type = unit[0] & 31;
        int importance = unit[0] & 0x60;
        for (int from = 1; from < unit.length; from += LARGEST) {
            int length = Math.min(LARGEST, unit.length - from);
            boolean end = from + length >= unit.length;
            byte[] fragment = {(byte) (importance | FRAGMENT), (byte) ((from == 1 ? 0x80 : 0) | (end ? 0x40 : 0) | type)
            };
            packet(fragment, unit, from, length, lastOfPicture && end);
        }
    }

    private void packet(byte[] prefix, byte[] unit, int from, int length, boolean marker) throws IOException {
        byte[] packet = new byte[HEADER + prefix.length + length];
        packet[0] = (byte) 0x80;
        packet[1] = (byte) (PAYLOAD_TYPE | (marker ? 0x80 : 0));
        packet[2] = (byte) (sequence >> 8);
        packet[3] = (byte) sequence;
        for (int i = 0; i < 4; i++) {
            packet[4 + i] = (byte) (timestamp >> (24 - 8 * i));
        }
        packet[11] = 42;
        System.arraycopy(prefix, 0, packet, HEADER, prefix.length);
        System.arraycopy(unit, from, packet, HEADER + prefix.length, length);
        sequence = (sequence + 1) & 0xFFFF;
        if (socket.isPresent()) {
            socket.get().send(new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), clientPort));
        } else {
            interleave(stream.orElseThrow(), packet);
        }
    }

    private static void interleave(OutputStream out, byte[] packet) throws IOException {
        synchronized (out) {
            out.write(new byte[] {'$', 0, (byte) (packet.length >> 8), (byte) packet.length});
            out.write(packet);
            out.flush();
        }
    }

    @Override
    public void close() {
        socket.ifPresent(DatagramSocket::close);
    }
}
