package paseo.matching;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which key the vectors of faces are under: faces are stored before it is known whose sequence they are of, so each
 * {@value #FRAMES} frames of a session share one. When somebody is erased, the faces of the others in their blocks are
 * sealed anew ({@link #renew}), and the old keys are deleted. Within one transaction.
 */
final class FaceBlocks {
    /** At 10 to 30 frames a second 8 to 26 seconds: about as long as somebody is in view. */
    static final int FRAMES = 256;

    private static final byte[] KIND = "FACE".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final Keys keys;

    FaceBlocks(Connection connection, Keys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /**
     * Some frames of a session.
     *
     * @param session its number
     * @param number of the block: that of its first frame divided by {@value #FRAMES}
     */
    record Block(long session, int number) {
        static Block of(long session, int frame) {
            return new Block(session, frame / FRAMES);
        }
    }

    /** What a ciphertext is of. */
    private static byte[] of(UUID key, int frame, int index) {
        return ByteBuffer.allocate(KIND.length + 2 * Long.BYTES + 2 * Integer.BYTES)
                .put(KIND)
                .putLong(key.getMostSignificantBits())
                .putLong(key.getLeastSignificantBits())
                .putInt(frame)
                .putInt(index)
                .array();
    }

    /** A key that faces are under, by its id. */
    record Key(UUID id, Seal seal) {
        /** A vector as it is stored. */
        byte[] close(Halves vector, int frame, int index) {
            ByteBuffer plain = ByteBuffer.allocate(vector.dimension() * Short.BYTES);
            vector.write(plain);
            return seal.close(plain.array(), of(id, frame, index));
        }

        /** A stored vector, if it can be read. */
        Optional<Halves> open(byte[] sealed, int frame, int index) {
            try {
                byte[] plain = seal.open(sealed, of(id, frame, index));
                return Optional.of(Halves.read(ByteBuffer.wrap(plain), plain.length / Short.BYTES));
            } catch (Seal.BrokenException e) {
                SealedRows.tellBroken(id, e);
                return Optional.empty();
            }
        }
    }

    /**
     * The keys of blocks, made where there are none, which stay those until the transaction ends.
     *
     * @throws SQLTransactionRollbackException if a block is just being forgotten: the transaction must be repeated
     */
    Map<Block, Key> take(Collection<Block> blocks) throws SQLException {
        if (blocks.isEmpty()) {
            return Map.of();
        }
        Long[] sessions = blocks.stream().map(Block::session).toArray(Long[]::new);
        Integer[] numbers = blocks.stream().map(Block::number).toArray(Integer[]::new);
        Sql.update(connection, """
                INSERT INTO face_block (session_id, number)
                SELECT * FROM unnest(?::bigint[], ?::integer[]) AS b (session_id, number) ORDER BY 1, 2
                ON CONFLICT DO NOTHING
                """, sessions, numbers);
        Map<Block, UUID> ids = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT f.session_id, f.number, f.key
                FROM unnest(?::bigint[], ?::integer[]) AS b (session_id, number) JOIN face_block f USING (session_id, number)
                ORDER BY 1, 2 FOR SHARE OF f
                """,
                row -> ids.put(new Block(row.getLong(1), row.getInt(2)), row.getObject(3, UUID.class)),
                sessions,
                numbers);
        Map<UUID, Seal> seals = keys.ensure(ids.values());
        Map<Block, Key> found = new HashMap<>();
        for (Block block : blocks) {
            UUID id = ids.get(block);
            if (id == null) {
                throw new SQLTransactionRollbackException("frames are just being forgotten", SqlFaults.SERIALISATION);
            }
            found.put(block, new Key(id, Objects.requireNonNull(seals.get(id))));
        }
        return found;
    }

    private record Face(int frame, int index, ByteBuffer sealed) {}

    /** Seals what is still under a key under a new one, so that the old one can be deleted. */
    void renew(UUID old) throws SQLException {
        Optional<Block> found = Sql.first(
                connection,
                "SELECT session_id, number FROM face_block WHERE key = ? FOR UPDATE",
                row -> new Block(row.getLong(1), row.getInt(2)),
                old);
        if (found.isEmpty()) {
            return;
        }
        Block block = found.get();
        Seal before = keys.find(List.of(old)).get(old);
        UUID id = UUID.randomUUID();
        Key after = new Key(id, keys.of(id));
        List<Face> faces = Sql.query(
                connection,
                """
                SELECT frame, index, sealed FROM face
                WHERE session_id = ? AND frame >= ? AND frame < ? AND sealed IS NOT NULL
                """,
                row -> new Face(row.getInt(1), row.getInt(2), SealedRows.wrapped(row, 3)),
                block.session(),
                block.number() * FRAMES,
                (block.number() + 1) * FRAMES);
        List<@Nullable String> sealed = new ArrayList<>();
        for (Face face : faces) {
            sealed.add(Optional.ofNullable(before)
                    .flatMap(seal -> new Key(old, seal).open(face.sealed().array(), face.frame(), face.index()))
                    .map(vector -> KeyDatabase.text(after.close(vector, face.frame(), face.index())))
                    .orElse(null));
        }
        Sql.update(
                connection,
                """
                UPDATE face f SET sealed = s.sealed
                FROM unnest(?::integer[], ?::smallint[], ?::bytea[]) AS s (frame, index, sealed)
                WHERE f.session_id = ? AND f.frame = s.frame AND f.index = s.index
                """,
                faces.stream().map(Face::frame).toArray(Integer[]::new),
                faces.stream().map(Face::index).toArray(Integer[]::new),
                sealed.toArray(String[]::new),
                block.session());
        Sql.update(
                connection,
                "UPDATE face_block SET key = ? WHERE session_id = ? AND number = ?",
                id,
                block.session(),
                block.number());
    }
}
