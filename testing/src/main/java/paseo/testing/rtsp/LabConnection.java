package paseo.testing.rtsp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One client of a {@link LabCamera}. */
final class LabConnection {
    private static final Pattern CLIENT_PORT = Pattern.compile("client_port=(\\d+)");
    private static final long TICK_NANOS = 20_000_000;
    private static final long DRIBBLE_NANOS = 300_000_000;
    private static final int GARBAGE_BYTES = 1400;
    private static final int LOOP_SECONDS = 2;

    private final LabCamera camera;
    private final Socket socket;
    private final Random random = new Random(7);
    private @Nullable RtpSender sender;
    private boolean describedBadly;
    private volatile boolean playing;

    LabConnection(LabCamera camera, Socket socket) {
        this.camera = camera;
        this.socket = socket;
    }

    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            for (String line = line(in); line != null; line = line(in)) {
                if (!line.isEmpty() && !answer(line.split(" "), headers(in), out)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has gone, or the power.
        }
    }

    boolean playing() {
        return playing && !socket.isClosed();
    }

    void reset() throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /** RTCP packets and the like between requests are skipped up to the next line. */
    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '$' && line.isEmpty()) {
                in.read();
                in.skipNBytes(in.read() << 8 | in.read());
            } else if (next == '\n') {
                return line.toString().stripTrailing();
            } else {
                line.append((char) next);
            }
        }
        return null;
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    /** Gives false when the connection is over. */
    private boolean answer(String[] request, Map<String, String> headers, OutputStream out) throws IOException {
        String sequence = "CSeq: " + headers.getOrDefault("cseq", "0") + "\r\n";
        switch (camera.fault()) {
            case NO_REPLY -> {
                return waitWhile(Fault.NO_REPLY);
            }
            case DRIBBLE -> {
                return dribble(out, sequence);
            }
            case DROP -> {
                return false;
            }
            case RESET -> {
                reset();
                return false;
            }
            case NOT_FOUND -> {
                say(out, "404 Not Found", sequence);
                return true;
            }
            case REDIRECT_TO_FILE -> {
                say(out, "302 Found", sequence + "Location: file:///etc/passwd\r\n");
                return true;
            }
            default -> {
                return answerInOrder(request, headers, sequence, out);
            }
        }
    }

    private boolean answerInOrder(String[] request, Map<String, String> headers, String sequence, OutputStream out)
            throws IOException {
        if (!request[0].equals("OPTIONS") && !knows(headers.get("authorization"))) {
            say(out, "401 Unauthorized", sequence + "WWW-Authenticate: Basic realm=\"lab\"\r\n");
            return true;
        }
        switch (request[0]) {
            case "OPTIONS" ->
                say(out, "200 OK", sequence + "Public: DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n");
            case "DESCRIBE" -> describe(out, request[1], sequence);
            case "SETUP" -> setUp(out, headers.getOrDefault("transport", ""), sequence);
            case "PLAY" -> {
                say(out, "200 OK", sequence + "Session: 1\r\nRange: npt=0-\r\n");
                camera.played();
                playing = true;
                LabCamera.daemon(() -> play(out), "lab-player");
            }
            case "TEARDOWN" -> {
                say(out, "200 OK", sequence);
                return false;
            }
            default -> say(out, "200 OK", sequence + "Session: 1\r\n");
        }
        return true;
    }

    private boolean knows(@Nullable String authorization) {
        if (camera.password().isEmpty()) {
            return true;
        }
        String expected = "Basic "
                + Base64.getEncoder().encodeToString(camera.password().get().getBytes(StandardCharsets.UTF_8));
        boolean right = expected.equals(authorization);
        if (!right && authorization != null) {
            camera.refused();
        }
        return right;
    }

    private void describe(OutputStream out, String url, String sequence) throws IOException {
        H264Clip clip = camera.clip();
        Base64.Encoder base64 = Base64.getEncoder();
        String parameters = camera.describesAll()
                ? "; sprop-parameter-sets=" + base64.encodeToString(clip.sps()) + ","
                        + base64.encodeToString(clip.pps())
                : "";
        describedBadly = camera.fault() == Fault.BAD_SDP;
        String sdp = describedBadly
                ? "v=0\r\nm=video 99999 %%% \u0001\r\na=fmtp:" + "9".repeat(20_000) + "\r\n"
                : "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=lab\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\na=control:*\r\n"
                        + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                        + (camera.describesAll() ? "a=framerate:" + clip.fps() + "\r\n" : "")
                        + "a=fmtp:96 packetization-mode=1" + parameters + "\r\na=control:track1\r\n";
        say(
                out,
                "200 OK",
                sequence + "Content-Base: " + url + "/\r\nContent-Type: application/sdp\r\nContent-Length: "
                        + sdp.length() + "\r\n",
                sdp);
    }

    private void setUp(OutputStream out, String transport, String sequence) throws IOException {
        Matcher ports = CLIENT_PORT.matcher(transport);
        if (ports.find()) {
            RtpSender udp = RtpSender.overUdp(Integer.parseInt(ports.group(1)));
            sender = udp;
            say(
                    out,
                    "200 OK",
                    sequence + "Transport: RTP/AVP;unicast;client_port=" + ports.group(1) + "-"
                            + (Integer.parseInt(ports.group(1)) + 1) + ";server_port=" + udp.port() + "-"
                            + (udp.port() + 1) + "\r\nSession: 1;timeout=60\r\n");
        } else {
            sender = RtpSender.interleaved(out);
            say(
                    out,
                    "200 OK",
                    sequence + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60\r\n");
        }
    }

    private static void say(OutputStream out, String status, String headers) throws IOException {
        say(out, status, headers, "");
    }

    private static void say(OutputStream out, String status, String headers, String body) throws IOException {
        synchronized (out) {
            out.write(("RTSP/1.0 " + status + "\r\n" + headers + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private boolean waitWhile(Fault fault) {
        while (camera.fault() == fault && !socket.isClosed()) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        return false;
    }

    private boolean dribble(OutputStream out, String sequence) throws IOException {
        byte[] answer = ("RTSP/1.0 200 OK\r\n" + sequence + "X-Pad: ").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; camera.fault() == Fault.DRIBBLE; i++) {
            out.write(i < answer.length ? answer[i] : 'a');
            out.flush();
            LockSupport.parkNanos(DRIBBLE_NANOS);
        }
        return false;
    }

    private void play(OutputStream out) {
        RtpSender rtp = sender;
        if (rtp == null || describedBadly) {
            return;
        }
        try (rtp) {
            H264Clip clip = camera.clip();
            int at = camera.beginning();
            long due = System.nanoTime();
            while (!socket.isClosed()) {
                if (clip != camera.clip() && camera.clip().key(0)) {
                    clip = camera.clip();
                    at = 0;
                }
                if (!misbehave(out) && camera.fault() != Fault.STALL) {
                    send(rtp, clip, at);
                }
                at = next(clip, at);
                due += (long) (1e9 / clip.fps());
                pause(due);
            }
        } catch (IOException e) {
            // The client has gone, or the power.
        }
    }

    private void pause(long due) {
        while (camera.fault() != Fault.RACE && System.nanoTime() < due) {
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private int next(H264Clip clip, int at) {
        return switch (camera.fault()) {
            case FREEZE -> 0;
            case LOOP -> (at + 1) % (int) (LOOP_SECONDS * clip.fps());
            default -> (at + 1) % clip.pictures().size();
        };
    }

    /** Whether something else than a picture was sent. */
    private boolean misbehave(OutputStream out) throws IOException {
        switch (camera.fault()) {
            case DROP -> socket.close();
            case RESET -> reset();
            case GARBAGE -> {
                byte[] garbage = new byte[GARBAGE_BYTES];
                random.nextBytes(garbage);
                synchronized (out) {
                    out.write(garbage);
                    out.flush();
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void send(RtpSender rtp, H264Clip clip, int at) throws IOException {
        var units = clip.pictures().get(at);
        for (int i = 0; i < units.size(); i++) {
            byte[] unit = units.get(i);
            boolean parameters = H264Clip.parameters(unit);
            boolean damage = (camera.fault() == Fault.CORRUPT_PARAMETERS && parameters)
                    || (camera.fault() == Fault.CORRUPT_PICTURES && !parameters);
            rtp.send(damage ? damaged(unit) : unit, i == units.size() - 1);
        }
        rtp.tick((long) (90_000 / clip.fps()));
    }

    private byte[] damaged(byte[] unit) {
        byte[] damaged = unit.clone();
        for (int flips = damaged.length / 10 + 1; flips > 0; flips--) {
            damaged[1 + random.nextInt(damaged.length - 1)] ^= (byte) (1 + random.nextInt(255));
        }
        return damaged;
    }
}
