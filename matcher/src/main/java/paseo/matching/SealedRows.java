package paseo.matching;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code sealed_template}, within one transaction. */
final class SealedRows {
    private static final Logger log = LoggerFactory.getLogger(SealedRows.class);

    /** Ciphertexts are of one thing only: one that was moved elsewhere is not opened there. */
    enum Kind {
        VECTORS,
        PICTURES,
        OPT_OUT
    }

    private final Connection connection;

    SealedRows(Connection connection) {
        this.connection = connection;
    }

    /** What a ciphertext is of. */
    static byte[] of(Kind kind, UUID id, short pack) {
        byte[] name = kind.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 2 * Long.BYTES + Short.BYTES)
                .put(name)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putShort(pack)
                .array();
    }

    /**
     * What is stored of a sequence.
     *
     * @param no its number
     * @param id its id, which is that of the key
     * @param madeFrom null where it was made from the frames
     * @param dropped bits of the ordinals that are not searched
     */
    record Entry(short pack, long no, UUID id, @Nullable Short madeFrom, int dropped) {
        boolean dropped(int ordinal) {
            return (dropped >> ordinal & 1) == 1;
        }
    }

    /** Stores rows and pictures of a sequence, instead of earlier ones. */
    void put(Entry entry, List<TemplateRow> rows, SortedMap<Integer, ByteBuffer> pictures, Seal seal)
            throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO sealed_template (pack_id, sequence_no, made_from, dropped, vectors, pictures)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (sequence_no, pack_id) DO UPDATE
                SET made_from = excluded.made_from, dropped = excluded.dropped, vectors = excluded.vectors,
                    pictures = excluded.pictures
                """,
                entry.pack(),
                entry.no(),
                entry.madeFrom(),
                entry.dropped(),
                seal.close(TemplateRow.encode(rows), of(Kind.VECTORS, entry.id(), entry.pack())),
                seal.close(TemplateRow.encode(pictures), of(Kind.PICTURES, entry.id(), entry.pack())));
    }

    void drop(short pack, long no) throws SQLException {
        Sql.update(connection, "DELETE FROM sealed_template WHERE sequence_no = ? AND pack_id = ?", no, pack);
    }

    private record Sealed(long no, UUID id, short pack, ByteBuffer pictures) {}

    /**
     * The pictures of sequences, in the gallery that each is in, by number and ordinal; without what cannot be opened.
     */
    Map<Long, SortedMap<Integer, ByteBuffer>> pictures(Keys keys, Collection<Long> sequences) throws SQLException {
        List<Sealed> sealed = Sql.query(
                connection,
                """
                SELECT s.no, s.id, t.pack_id, t.pictures
                FROM sequence s JOIN sealed_template t ON t.sequence_no = s.no AND t.pack_id = s.pack_id
                WHERE s.no = ANY (?)
                """,
                row -> new Sealed(row.getLong(1), row.getObject(2, UUID.class), row.getShort(3), wrapped(row, 4)),
                (Object) sequences.stream().distinct().toArray(Long[]::new));
        Map<UUID, Seal> seals = keys.find(sealed.stream().map(Sealed::id).toList());
        Map<Long, SortedMap<Integer, ByteBuffer>> pictures = new HashMap<>();
        for (Sealed one : sealed) {
            open(seals.get(one.id()), one.pictures(), Kind.PICTURES, one.id(), one.pack())
                    .ifPresent(plain -> pictures.put(one.no(), TemplateRow.decodePictures(plain)));
        }
        return pictures;
    }

    /** What is sealed in a column. */
    static ByteBuffer wrapped(ResultSet row, int column) throws SQLException {
        return ByteBuffer.wrap(row.getBytes(column));
    }

    /** A picture's bytes. */
    static byte[] bytes(ByteBuffer picture) {
        byte[] bytes = new byte[picture.remaining()];
        picture.duplicate().get(bytes);
        return bytes;
    }

    /** Opens something, if that is possible; says so if not. */
    static Optional<byte[]> open(@Nullable Seal seal, ByteBuffer sealed, Kind kind, UUID id, short pack) {
        if (seal == null) {
            log.warn("the key {} is not there: what it has sealed cannot be read any more", id);
            return Optional.empty();
        }
        try {
            return Optional.of(seal.open(bytes(sealed), of(kind, id, pack)));
        } catch (Seal.BrokenException e) {
            tellBroken(id, e);
            return Optional.empty();
        }
    }

    static void tellBroken(UUID key, Seal.BrokenException e) {
        log.error("what is under the key {} cannot be opened with it: {}", key, e.getMessage());
    }
}
