package paseo.frames;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One reading of a file under one set of settings: the same bytes and settings are the same session for ever.
 *
 * @param camera the file name's stem and the first eight digits of the content's SHA-256
 * @param epoch 48 bits of a digest of the settings that shape the result
 */
record Session(String camera, long epoch) {
    private static final int READ_BYTES = 1 << 20;
    private static final int HASH_DIGITS = 8;
    private static final int STEM_LENGTH = 40;
    private static final int EPOCH_BITS = 48;
    /** Goes into every epoch: to be raised when the producer makes other pictures of the same settings. */
    private static final int VERSION = 2;

    static Session of(Path file, ProducerSettings settings) {
        return new Session(camera(file), epoch(settings));
    }

    static String camera(Path file) {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[READ_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new VideoException(file + ": cannot be read: " + e.getMessage(), e);
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        return slug(file.getFileName().toString()) + "-" + hash.substring(0, HASH_DIGITS);
    }

    /** A file name without its ending in lower-case letters, digits and hyphens; {@code video} if nothing is left. */
    static String slug(String fileName) {
        int dot = fileName.lastIndexOf('.');
        String stem = dot > 0 ? fileName.substring(0, dot) : fileName;
        String plain = Normalizer.normalize(stem, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(STEM_LENGTH, plain.length())).replaceAll("^-+|-+$", "");
        return cut.isEmpty() ? "video" : cut;
    }

    static long epoch(ProducerSettings settings) {
        String canonical = "paseo.frames/" + VERSION + "\nfps="
                + (settings.fps().isPresent() ? Double.toString(settings.fps().getAsDouble()) : "all")
                + "\nmax-side=" + settings.maxSide()
                + "\njpeg-quality=" + settings.jpegQuality()
                + "\ntag=" + settings.settingsTag()
                + (settings.carry() == Carry.PACKETS ? "\ncarry=packets" : "");
        byte[] digest = sha256().digest(canonical.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - EPOCH_BITS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
