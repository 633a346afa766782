package paseo.evaluation.chaos;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Opens what a trial's matchers have sealed, with the keys of the other database and the JDK alone. */
final class Sealed {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String FACES = """
            SELECT c.camera || ' ' || f.frame || ' ' || f.index, b.key, f.sealed, f.frame, f.index
            FROM face f JOIN camera_session c ON c.id = f.session_id
            JOIN face_block b ON b.session_id = f.session_id AND b.number = f.frame / 256
            WHERE f.sealed IS NOT NULL ORDER BY c.camera, c.epoch, f.frame, f.index
            """;
    private static final String PICTURES = """
            SELECT s.id::text, s.id, t.pictures, t.pack_id
            FROM sealed_template t JOIN sequence s ON s.no = t.sequence_no ORDER BY s.id
            """;

    private final Connection database;
    private final Map<UUID, byte[]> keys = new HashMap<>();

    Sealed(Connection database, Connection keys) throws SQLException {
        this.database = database;
        try (Statement statement = keys.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, key FROM sealing_key")) {
            while (row.next()) {
                this.keys.put(row.getObject(1, UUID.class), row.getBytes(2));
            }
        }
    }

    /** What a ciphertext is of, from its row. */
    private interface Of {
        ByteBuffer read(ResultSet row) throws SQLException;
    }

    /** The vector of each face, as a hash behind its place. */
    List<String> faces() throws SQLException {
        return open(
                FACES,
                row -> named("FACE", row.getObject(2, UUID.class), 2 * Integer.BYTES)
                        .putInt(row.getInt(4))
                        .putInt(row.getInt(5)));
    }

    /** The pictures of each template, as a hash behind the sequence's id. */
    List<String> pictures() throws SQLException {
        return open(
                PICTURES,
                row -> named("PICTURES", row.getObject(2, UUID.class), Short.BYTES)
                        .putShort(row.getShort(4)));
    }

    private static ByteBuffer named(String kind, UUID id, int more) {
        byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 2 * Long.BYTES + more)
                .put(name)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
    }

    private List<String> open(String sql, Of of) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (PreparedStatement statement = database.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                byte[] key = keys.get(row.getObject(2, UUID.class));
                rows.add(row.getString(1) + " "
                        + (key == null
                                ? "without its key"
                                : hash(key, row.getBytes(3), of.read(row).array())));
            }
        }
        return rows;
    }

    private static String hash(byte[] key, byte[] sealed, byte[] of) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
            cipher.updateAAD(of);
            byte[] plain = cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain));
        } catch (GeneralSecurityException e) {
            return "cannot be opened: " + e.getMessage();
        }
    }
}
