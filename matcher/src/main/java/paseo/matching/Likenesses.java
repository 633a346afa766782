package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * Who looks like whom, for people to judge: nothing here decides anything. Rows are JSON objects as the API's document
 * describes them, the most similar first.
 */
public final class Likenesses {
    private final Database database;

    Likenesses(Database database) {
        this.database = database;
    }

    /** Nobody is looked for in a gallery that is not all there. */
    private <T> T search(Database.Work<T> work) {
        return database.asked("search the gallery", connection -> {
            GalleryFill.require(connection);
            return work.in(connection);
        });
    }

    /** Who looks most like a person, also by a number that was merged, by the similarity of their centres. */
    public List<Map<String, @Nullable Object>> neighbours(long number, int most) {
        return search(connection -> {
            long person = Window.meant(connection, number);
            return Sql.query(connection, """
                        WITH me AS MATERIALIZED (
                            SELECT c.centre, p.pack_id FROM person p JOIN person_centre c ON c.person = p.number
                            WHERE p.number = ?)
                        SELECT near.number AS "person", near.similarity AS "similarity", near.silhouette AS "silhouette",
                            (SELECT s.id FROM sequence s WHERE s.person = near.number ORDER BY s.no DESC LIMIT 1)
                                AS "sequence"
                        FROM (
                            SELECT p.number, p.silhouette, -(c.centre <#> me.centre) AS similarity
                            FROM person p JOIN me ON p.pack_id = me.pack_id JOIN person_centre c ON c.person = p.number
                            WHERE p.merged_into IS NULL AND p.erased_at IS NULL AND p.number <> ?
                            ORDER BY c.centre <#> me.centre LIMIT ?) AS near
                        ORDER BY near.similarity DESC
                        """, JsonRow::of, person, person, most);
        });
    }

    /**
     * Who is like a face.
     *
     * @param persons compared with
     * @param candidates most similar first
     */
    public record Likeness(long persons, List<Map<String, @Nullable Object>> candidates) {
        public Likeness {
            candidates = List.copyOf(candidates);
        }
    }

    /** The persons most like one face, each by the mean of their nearest centre and nearest best shot. */
    public Likeness like(Embedding probe, String modelPack, int most) {
        return like(probe, modelPack, SearchFilter.NONE, most);
    }

    /** The same among those whom a filter leaves. */
    public Likeness like(Embedding probe, String modelPack, SearchFilter filter, int most) {
        return search(connection -> {
            short pack = new PackRows(connection).idOf(modelPack);
            long persons = new Gallery(connection, pack).size();
            return new Likeness(persons, like(connection, probe, pack, filter, most));
        });
    }

    private static List<Map<String, @Nullable Object>> like(
            Connection connection, Embedding probe, short pack, SearchFilter filter, int most) throws SQLException {
        GallerySearch.Part hits =
                new GallerySearch(connection, pack).nearest("(SELECT embedding FROM probe)", filter, Gallery.NEAREST);
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(Vectors.text(probe));
        parameters.addAll(hits.parameters());
        parameters.add(pack);
        parameters.add(most);
        return Sql.query(connection, """
                WITH probe AS MATERIALIZED (SELECT ?::halfvec AS embedding), near AS MATERIALIZED (
                    SELECT DISTINCT hit.person FROM (%s) AS hit
                )
                SELECT found.person AS "person",
                    (coalesce(found.shot, found.centre) + found.centre) / 2 AS "similarity",
                    (SELECT s.id FROM sequence s WHERE s.person = found.person ORDER BY s.no DESC LIMIT 1)
                        AS "sequence"
                FROM (
                    SELECT t.person, max(-(t.embedding <#> probe.embedding)) FILTER (WHERE t.ordinal = 0) AS centre,
                        max(-(t.embedding <#> probe.embedding)) FILTER (WHERE t.ordinal > 0) AS shot
                    FROM near JOIN template t ON t.person = near.person CROSS JOIN probe WHERE t.pack_id = ?
                    GROUP BY t.person) AS found
                WHERE found.centre IS NOT NULL
                ORDER BY 2 DESC, 1 LIMIT ?
                """.formatted(hits.sql()), JsonRow::of, parameters.toArray());
    }

    /** Whose a sequence may be, by the similarity of its centre and theirs; empty when it has no template. */
    public List<Map<String, @Nullable Object>> candidates(UUID sequence, int most) {
        return search(connection -> Sql.query(connection, """
                        WITH me AS MATERIALIZED (
                            SELECT t.embedding, t.pack_id FROM sequence s
                            JOIN template t ON t.sequence_no = s.no AND t.pack_id = s.pack_id AND t.ordinal = 0
                            WHERE s.id = ?)
                        SELECT near.number AS "person", near.similarity AS "similarity", near.silhouette AS "silhouette",
                            (SELECT s.id FROM sequence s WHERE s.person = near.number ORDER BY s.no DESC LIMIT 1)
                                AS "sequence"
                        FROM (
                            SELECT p.number, p.silhouette, -(c.centre <#> me.embedding) AS similarity
                            FROM person p JOIN me ON p.pack_id = me.pack_id JOIN person_centre c ON c.person = p.number
                            WHERE p.merged_into IS NULL AND p.erased_at IS NULL
                            ORDER BY c.centre <#> me.embedding LIMIT ?) AS near
                        ORDER BY near.similarity DESC
                        """, JsonRow::of, sequence, most));
    }
}
